/** The queue and one case beside it. */
import { AlertTriangle, Inbox, Mail, MessageSquare, Phone, Plus, Store } from "lucide-react";
import { useState } from "react";
import { type Output, useLive } from "../../api/index.ts";
import {
  addTexts,
  Button,
  EmptyState,
  go,
  Hints,
  relative,
  Segmented,
  useParam,
  useQueryParam,
  useShortcuts,
  useT,
} from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import { CaseThread } from "./case.tsx";
import { enGB } from "./en-GB.ts";
import { NewCase } from "./new-case.tsx";
import "./cases.css";

addTexts("cases", enGB);

type View = "open" | "mine" | "unassigned" | "closed";
type Item = Output<"cases.list">["cases"][number];
const icons = { phone: Phone, counter: Store, email: Mail, portal: MessageSquare, chat: MessageSquare } as const;

export default function Cases() {
  const t = useT("cases");
  const { may } = useSession();
  const selected = useParam();
  const patient = useQueryParam("patient");
  const [view, setView] = useState<View>("open");
  const [creating, setCreating] = useState(false);
  const { data } = useLive("cases.list", { view });
  const list = data?.cases ?? [];
  const index = list.findIndex((item) => item.id === selected);
  const step = (by: number) => {
    const item = list[Math.max(0, Math.min(list.length - 1, index + by))];
    if (item) go(`/cases/${item.id}`);
  };
  useShortcuts([
    { keys: "J", label: t("keys.updown"), group: t("title"), run: () => step(1) },
    { keys: "K", label: t("keys.updown"), group: t("title"), run: () => step(-1) },
    { keys: "C", label: t("newCase"), group: t("title"), when: may("cases:create"), run: () => setCreating(true) },
  ]);
  return (
    <div className="screen">
      <div className="cases">
        <div className="q">
          <div className="views">
            <Segmented
              label={t("title")}
              value={view}
              onChange={(value) => setView(value as View)}
              options={(["open", "mine", "unassigned", "closed"] as const).map((value) => ({
                value,
                label: t(`views.${value}`),
                count: data?.counts[value],
              }))}
            />
            {may("cases:create") ? (
              <Button size="s" icon={Plus} keys="C" onClick={() => setCreating(true)}>
                {t("newCase")}
              </Button>
            ) : null}
          </div>
          {list.length === 0 ? (
            <EmptyState icon={Inbox} title={t("none")}>
              {t("noneText")}
            </EmptyState>
          ) : (
            <ul>
              {list.map((item) => (
                <li key={item.id}>
                  <QueueItem item={item} selected={item.id === selected} />
                </li>
              ))}
            </ul>
          )}
        </div>
        {selected ? <CaseThread key={selected} id={selected} /> : <EmptyState icon={Inbox} title={t("choose")} />}
      </div>
      <div className="keys">
        <Hints
          items={[
            { keys: "J K", label: t("keys.updown") },
            { keys: "C", label: t("newCase") },
            { keys: "R", label: t("send") },
            { keys: "N", label: t("note") },
            { keys: "S", label: t("changeStatus") },
            { keys: "A", label: t("assign") },
          ]}
        />
      </div>
      {creating || patient ? (
        <NewCase
          patientId={patient}
          onClose={() => (patient ? go("/cases") : setCreating(false))}
          onDone={(id) => {
            setCreating(false);
            go(`/cases/${id}`);
          }}
        />
      ) : null}
    </div>
  );
}

function QueueItem({ item, selected }: { item: Item; selected: boolean }) {
  const t = useT("cases");
  const Icon = icons[item.channel as keyof typeof icons] ?? MessageSquare;
  const urgent = item.urgency === "E0" || item.urgency === "E1";
  return (
    <button type="button" className="it" aria-pressed={selected} onClick={() => go(`/cases/${item.id}`)}>
      <span className="row g2 small t3">
        <span className="tab">{item.number}</span>
        {item.urgency === "R" ? null : (
          <b className={urgent ? "is-stop row g1" : "is-look row g1"}>
            <AlertTriangle className="i s" aria-hidden />
            {t(`levels.${item.urgency}`)}
          </b>
        )}
        <span className="push">{relative(item.last_activity_at)}</span>
      </span>
      <span className="sub clip">{item.subject}</span>
      <span className="row g2 small t2">
        <Icon className="i s" aria-hidden />
        <span className="clip">{[item.given_name, item.family_name].filter(Boolean).join(" ") || t("noPatient")}</span>
        <span className="push t3">{t(`status.${item.status}`)}</span>
      </span>
    </button>
  );
}
