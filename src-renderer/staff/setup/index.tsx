/** The first run: join, set up, or try; then the practice's data arrives. */
import { Building2, Link2, Play } from "lucide-react";
import { useState } from "react";
import { useAct, useLive } from "../../api/index.ts";
import { addTexts, Button, Callout, EmptyState, Hints, TextInput, useShortcuts, useT } from "../../ui/index.ts";
import { CareAtTheDoor, DataProblem, Repairing } from "../care/index.tsx";
import { Door } from "../shell/door.tsx";
import { enGB } from "./en-GB.ts";
import { Filling } from "./filling.tsx";

addTexts("setup", enGB);
type Way = "join" | "new" | "demo";
const defaultServer = "http://127.0.0.1:4870";

export function Setup() {
  const t = useT("setup");
  const state = useLive("setup.state");
  // A PC whose data was lost was somebody's: it joins again, and nothing else.
  const lost = useLive("care.state").data?.lost != null;
  const [way, setWay] = useState<Way>("join");
  const all: { id: Way; icon: typeof Link2; title: string; text: string }[] = [
    { id: "join", icon: Link2, title: t("joinTitle"), text: t("joinText") },
    { id: "new", icon: Building2, title: t("newTitle"), text: t("newText") },
    { id: "demo", icon: Play, title: t("demoTitle"), text: t("demoText") },
  ];
  const ways = lost ? [] : all;
  useShortcuts(
    ways.map(({ id, title }, index) => ({
      keys: String(index + 1),
      label: title,
      group: t("welcome"),
      run: () => setWay(id),
    })),
  );
  const foot = (
    <>
      <p>
        <b>The horopter</b> {t("about")}
      </p>
      <p className="t3">{t("version", { version: state.data?.version, pc: state.data?.pcName })}</p>
    </>
  );
  if (state.data?.stage === "problem" || state.data?.stage === "repairing") {
    return <Door foot={foot}>{state.data.stage === "problem" ? <DataProblem /> : <Repairing />}</Door>;
  }
  if (state.data?.stage === "joining") {
    return (
      <Door foot={foot}>
        <CareAtTheDoor />
        <Filling progress={state.data.progress} />
      </Door>
    );
  }
  return (
    <Door
      foot={foot}
      hints={
        <Hints
          items={[...(lost ? [] : [{ keys: "1 2 3", label: t("choose") }]), { keys: "Enter", label: t("join") }]}
        />
      }
    >
      <CareAtTheDoor />
      <h1>{t(lost ? "rejoin" : "welcome")}</h1>
      {state.data?.takenOutAt ? <Callout tone="look">{t("takenOut")}</Callout> : null}
      {lost ? (
        <p className="lead">{t("rejoinText")}</p>
      ) : (
        <ul className="choices">
          {ways.map(({ id, icon: Icon, title, text }, index) => (
            <li key={id}>
              <button type="button" aria-pressed={way === id} onClick={() => setWay(id)}>
                <Icon className="i l" aria-hidden />
                <span className="grow">
                  <span className="big">{title}</span>
                  <span className="t2 block">{text}</span>
                </span>
                <kbd>{index + 1}</kbd>
              </button>
            </li>
          ))}
        </ul>
      )}
      {way === "join" ? (
        <Join pcName={state.data?.pcName ?? ""} />
      ) : way === "new" ? (
        <NewPractice pcName={state.data?.pcName ?? ""} />
      ) : (
        <TryDemo />
      )}
    </Door>
  );
}

function Join({ pcName }: { pcName: string }) {
  const t = useT("setup");
  const join = useAct("setup.join");
  const [serverUrl, setServer] = useState(defaultServer);
  const [code, setCode] = useState("");
  const [deviceName, setName] = useState(pcName);
  const submit = () => void join.act({ serverUrl, code, deviceName }).catch(() => {});
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className="grid2">
        <TextInput
          label={t("code")}
          value={code}
          onChange={setCode}
          hint={t("codeHint")}
          autoFocus
          autoComplete="off"
        />
        <TextInput label={t("pc")} value={deviceName} onChange={setName} hint={t("pcHint")} />
        <TextInput className="wide" label={t("server")} value={serverUrl} onChange={setServer} hint={t("serverHint")} />
      </div>
      {join.error ? <Callout tone="stop">{join.error.message}</Callout> : null}
      <div>
        <Button variant="primary" size="big" type="submit" keys="Enter" busy={join.busy}>
          {t("join")}
        </Button>
      </div>
    </form>
  );
}

function NewPractice({ pcName }: { pcName: string }) {
  const t = useT("setup");
  const create = useAct("setup.createPractice");
  const [form, setForm] = useState({
    serverUrl: defaultServer,
    setupCode: "",
    practiceName: "",
    branchName: "",
    branchCode: "",
    timeZone: "Europe/London",
    ownerName: "",
    ownerEmail: "",
    ownerPassword: "",
    deviceName: pcName,
  });
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (value: string) => setForm({ ...form, [name]: value }),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void create.act(form).catch(() => {});
      }}
    >
      <div className="grid2">
        <TextInput
          label={t("setupCode")}
          {...field("setupCode")}
          hint={t("setupCodeHint")}
          autoFocus
          autoComplete="off"
        />
        <TextInput label={t("server")} {...field("serverUrl")} hint={t("serverHint")} />
        <TextInput label={t("practice")} {...field("practiceName")} />
        <TextInput label={t("branch")} {...field("branchName")} />
        <TextInput
          label={t("branchCode")}
          value={form.branchCode}
          onChange={(value) => setForm({ ...form, branchCode: value.toUpperCase() })}
          hint={t("branchCodeHint")}
          maxLength={3}
        />
        <TextInput label={t("zone")} {...field("timeZone")} />
        <TextInput label={t("owner")} {...field("ownerName")} autoComplete="name" />
        <TextInput label={t("email")} {...field("ownerEmail")} type="email" autoComplete="email" />
        <TextInput
          label={t("password")}
          {...field("ownerPassword")}
          type="password"
          hint={t("passwordHint")}
          autoComplete="new-password"
        />
        <TextInput label={t("pc")} {...field("deviceName")} hint={t("pcHint")} />
      </div>
      {create.error ? <Callout tone="stop">{create.error.message}</Callout> : null}
      <div>
        <Button variant="primary" size="big" type="submit" busy={create.busy}>
          {t("create")}
        </Button>
      </div>
    </form>
  );
}

function TryDemo() {
  const t = useT("setup");
  const demo = useAct("setup.tryDemo");
  return (
    <div className="stack">
      {demo.error ? <Callout tone="look">{demo.error.message}</Callout> : null}
      {demo.busy ? <EmptyState title={t("filling")} /> : null}
      <div>
        <Button
          variant="primary"
          size="big"
          busy={demo.busy}
          onClick={() =>
            void demo
              .act(undefined)
              .then(({ url }) => window.location.assign(url))
              .catch(() => {})
          }
        >
          {t("openDemo")}
        </Button>
      </div>
    </div>
  );
}
