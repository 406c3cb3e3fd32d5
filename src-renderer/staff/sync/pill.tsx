/** The one quiet indicator, and the panel behind it. The network is a state, not an event. */
import {
  AlertTriangle,
  CheckCheck,
  Cloud,
  CloudOff,
  Eye,
  FlaskConical,
  Inbox,
  type LucideIcon,
  Monitor,
  Plug,
  RefreshCw,
  Settings2,
  ShieldCheck,
  ShoppingCart,
  Unplug,
  User,
} from "lucide-react";
import { useState } from "react";
import { useAct, useLive } from "../../api/index.ts";
import {
  addTexts,
  Button,
  go,
  instantText,
  megabytes,
  ProgressBar,
  relative,
  usePlace,
  useShortcuts,
  useT,
} from "../../ui/index.ts";
import { CareSection } from "../care/index.tsx";
import { KeptBack } from "../files/index.tsx";
import { useSession } from "../shell/session.tsx";
import { Item } from "./attention-screen.tsx";
import { enGB } from "./en-GB.ts";
import "./sync.css";

addTexts("sync", enGB);

/** The rail's own, so that what waits is known at a glance. */
const kindIcons: Readonly<Record<string, LucideIcon>> = {
  patients: User,
  dispensing: ShoppingCart,
  lab: FlaskConical,
  exams: Eye,
  cases: Inbox,
  access: Settings2,
  sync: CheckCheck,
};

export function SyncPill() {
  const t = useT("sync");
  const status = useLive("sync.status");
  const [open, setOpen] = useState(false);
  useShortcuts([{ keys: "Ctrl+Shift+S", label: t("panel"), group: "Horopter", run: () => setOpen((shown) => !shown) }]);
  const data = status.data;
  if (!data) return null;
  const words =
    data.state === "live"
      ? data.waiting > 0
        ? t("sending", { count: data.waiting })
        : t("live")
      : data.state === "offline"
        ? data.waiting > 0
          ? t("offlineWaiting", { count: data.waiting })
          : t("offline")
        : data.progress !== null
          ? t("catchingUp", { percent: Math.floor(data.progress * 100) })
          : t(data.state);
  const offline = data.state === "offline" || data.state === "revoked";
  return (
    <span className="hold">
      <button
        type="button"
        className={`sync ${offline ? "offline" : ""}`}
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => setOpen(!open)}
      >
        {offline ? (
          <CloudOff className="i s" aria-hidden />
        ) : (
          <span className={`dot ${data.state === "live" ? "" : "pale"}`} />
        )}
        <span role="status">{words}</span>
        {data.attention > 0 ? (
          <span className="chip look">
            <AlertTriangle className="i" aria-hidden />
            {t("attention", { count: data.attention })}
          </span>
        ) : null}
      </button>
      {open ? <SyncPanel close={() => setOpen(false)} /> : null}
    </span>
  );
}

function SyncPanel({ close }: { close: () => void }) {
  const t = useT("sync");
  const { timeZone } = usePlace();
  const { demo } = useSession();
  const status = useLive("sync.status").data;
  const panel = useLive("sync.panel");
  const cards = useLive("sync.attention").data ?? [];
  const tryNow = useAct("sync.tryNow");
  const plug = useAct("sync.setPlug");
  useShortcuts([{ keys: "Escape", label: t("panel"), run: close }]);
  if (!status) return null;
  const offline = status.state === "offline";
  const time = (at: number) => instantText(at, timeZone, "time");
  return (
    <div className="pop" role="dialog" aria-label={t("panel")}>
      <section>
        <div className="row g3">
          <h2 className="section">
            {offline && status.since
              ? t("sinceOffline", { time: time(status.since) })
              : status.state !== "live"
                ? t(status.state)
                : status.waiting > 0
                  ? t("sending", { count: status.waiting })
                  : t("allLive")}
          </h2>
          <span className="push" />
          {(offline || status.state === "revoked") && status.plugged ? (
            <Button size="s" onClick={() => void tryNow.act(undefined)}>
              {t("tryNow")}
            </Button>
          ) : null}
        </div>
        {status.problem ? (
          <p className="callout look">
            <AlertTriangle className="i" aria-hidden />
            {status.problem}
          </p>
        ) : offline || status.state === "revoked" ? (
          <p className="t2">{t(offline ? "everythingWorks" : "revokedText")}</p>
        ) : null}
        <KeptBack />
        {status.filling ? (
          <>
            <p className="t2">
              {status.filling.bytes ? t("downloading", megabytes(status.filling.bytes)) : t("preparing")}
            </p>
            <ProgressBar label={t("catching_up")} done={status.filling.done} />
          </>
        ) : null}
        <div className="holders">
          <span className="holder">
            <Monitor className="i l" aria-hidden />
          </span>
          <span>
            <b className="tab">{status.waiting}</b>
            <span className="small t3">{t("onThisPc")}</span>
          </span>
          <span className={`wire ${offline ? "cut" : ""}`} aria-hidden />
          <span className={`holder ${offline ? "away" : ""}`}>
            {offline ? <CloudOff className="i l" aria-hidden /> : <Cloud className="i l" aria-hidden />}
          </span>
          <span>
            <b className="tab">{status.lastSeenCentre ? time(status.lastSeenCentre) : t("never")}</b>
            <span className="small t3">{t("centreSeen")}</span>
          </span>
        </div>
      </section>
      {panel.data?.waiting.length ? (
        <section>
          <div className="row g2">
            <h2 className="section">{t("waiting")}</h2>
            {status.oldestWaiting ? (
              <span className="small t3 push">{t("oldest", { age: relative(status.oldestWaiting) })}</span>
            ) : null}
          </div>
          <ul className="waiting">
            {panel.data.waiting.map(({ kind, count }) => {
              const Icon = kindIcons[kind] ?? RefreshCw;
              return (
                <li key={kind}>
                  <Icon className="i s" aria-hidden />
                  <span className="grow">{t(`kind.${kind}`, { defaultValue: t("kind.other") })}</span>
                  <b className="tab">{count}</b>
                </li>
              );
            })}
          </ul>
        </section>
      ) : null}
      <section>
        <div className="row g2">
          <h2 className="section">{t("needs")}</h2>
          <span className="small t3">{cards.length > 0 ? t("kept") : t("needsNone")}</span>
          {cards.length > 0 ? (
            <span className="push">
              <Button
                size="s"
                onClick={() => {
                  close();
                  go("/attention");
                }}
              >
                {t("page")}
              </Button>
            </span>
          ) : null}
        </div>
        {cards.length > 0 ? (
          <ul className="att-short">
            {cards.slice(0, 4).map((card) => (
              <li key={card.id}>
                <Item card={card} onOpen={close} />
              </li>
            ))}
          </ul>
        ) : null}
      </section>
      <CareSection />
      {demo ? (
        <section className="row g3">
          <span className="t2 grow">{status.plugged ? t("plugText") : t("pulled")}</span>
          <Button icon={status.plugged ? Unplug : Plug} onClick={() => void plug.act({ connected: !status.plugged })}>
            {status.plugged ? t("pullPlug") : t("plugIn")}
          </Button>
        </section>
      ) : null}
      <section className="row g2 t2 panel-foot">
        <ShieldCheck className="i s" aria-hidden />
        <span className="grow">{t("saved")}</span>
        <Button
          size="s"
          variant="quiet"
          onClick={() => {
            close();
            go("/sync");
          }}
        >
          {t("history")}
        </Button>
      </section>
    </div>
  );
}
