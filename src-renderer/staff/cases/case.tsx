import { ArrowRight, Lock } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { rxOf } from "../../../src-shared/optics/index.ts";
import { type Output, send, useAct, useLive } from "../../api/index.ts";
import {
  Avatar,
  Button,
  Callout,
  Chip,
  ContextSection,
  Dialog,
  dateText,
  ErrorState,
  notify,
  Rx,
  Segmented,
  Select,
  TextInput,
  useShortcuts,
  useT,
  When,
} from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";

type Detail = Output<"cases.get">;
type Entry = Detail["thread"][number];
const initials = (name: string) =>
  name
    .split(" ")
    .map((part) => part[0] ?? "")
    .join("")
    .slice(0, 2)
    .toUpperCase();

export function CaseThread({ id }: { id: string }) {
  const t = useT("cases");
  const { may, person } = useSession();
  const { data, error } = useLive("cases.get", { id });
  const assign = useAct("cases.assign");
  const [dialog, setDialog] = useState<"status" | "assign" | null>(null);
  const bottom = useRef<HTMLDivElement>(null);
  const length = data?.thread.length ?? 0;
  useEffect(() => {
    if (length > 0) bottom.current?.scrollIntoView({ block: "end" });
  }, [length]);
  useShortcuts([
    {
      keys: "S",
      label: t("changeStatus"),
      group: t("title"),
      when: may("cases:set_status"),
      run: () => setDialog("status"),
    },
    {
      keys: "A",
      label: t("assign"),
      group: t("title"),
      when: may("cases:assign_self"),
      run: () => setDialog("assign"),
    },
  ]);
  if (error) return <ErrorState error={error} />;
  if (!data) return <div />;
  const { file } = data;
  return (
    <div className="screen has-context">
      <div className="mainpart">
        <div className="chead">
          <div className="row g2 top">
            <h1 className="title grow">{file.subject}</h1>
            {file.urgency === "R" ? null : (
              <Chip tone={file.urgency.startsWith("E") ? "stop" : "look"}>{t(`levels.${file.urgency}`)}</Chip>
            )}
            <Chip tone="accent">{t(`status.${file.status}`)}</Chip>
          </div>
          <div className="row g2 t2">
            <span className="tab">{file.number}</span>· {t(`channels.${file.channel}`)} ·{" "}
            {file.owner ? t("heldBy", { name: file.owner }) : t("nobody")}
            <span className="push" />
            {may("cases:assign_self") && file.owner_id !== person.id ? (
              <Button size="s" onClick={() => void assign.act({ id, ownerId: person.id })}>
                {t("assignMe")}
              </Button>
            ) : null}
            {may("cases:assign_self") ? (
              <Button size="s" keys="A" onClick={() => setDialog("assign")}>
                {t("assign")}
              </Button>
            ) : null}
            {may("cases:set_status") ? (
              <Button size="s" keys="S" onClick={() => setDialog("status")}>
                {t("changeStatus")}
              </Button>
            ) : null}
          </div>
        </div>
        <div className="body">
          <div className="msgs">
            {data.thread.map((entry) => (
              <ThreadEntry key={entry.id} entry={entry} />
            ))}
            <div ref={bottom} />
          </div>
          <Composer id={id} name={data.patient?.given_name ?? t("thePatient")} />
        </div>
      </div>
      <aside className="context">
        <CaseContext data={data} />
      </aside>
      {dialog === "status" ? <StatusDialog data={data} onClose={() => setDialog(null)} /> : null}
      {dialog === "assign" ? <AssignDialog data={data} onClose={() => setDialog(null)} /> : null}
    </div>
  );
}

function ThreadEntry({ entry }: { entry: Entry }) {
  const t = useT("cases");
  if (entry.what === "status" || entry.what === "urgency") {
    const value = "value" in entry ? entry.value : "";
    return (
      <p className="sys">
        <ArrowRight className="i s" aria-hidden />
        <span>
          {t("became", {
            name: entry.author,
            value: t(entry.what === "status" ? `status.${value}` : `levels.${value}`),
          })}
          {entry.body ? ` “${entry.body}”` : ""}
          {" · "}
          <When at={entry.at} />
        </span>
      </p>
    );
  }
  const note = entry.what === "note";
  return (
    <div className={`said-by ${note ? "notey" : ""}`}>
      <Avatar initials={initials(entry.author)} />
      <div className={note ? "card" : ""}>
        <p className="hd">
          <b>{entry.author}</b>
          <span className="small t3">
            <When at={entry.at} />
            {entry.waiting ? `, ${t("waitingSend")}` : ""}
          </span>
          {note ? (
            <span className="tagn">
              <Lock className="i s" aria-hidden />
              {t("internal")}
            </span>
          ) : null}
        </p>
        <p className="b">{entry.body}</p>
      </div>
    </div>
  );
}

type Kind = "reply" | "note" | "patient";
function Composer({ id, name }: { id: string; name: string }) {
  const t = useT("cases");
  const { may } = useSession();
  const [kind, setKind] = useState<Kind>(may("cases:reply") ? "reply" : "note");
  const [text, setText] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const draft = useLive("cases.draft", { id });
  const reply = useAct("cases.reply");
  const note = useAct("cases.note");
  const words = useAct("cases.patientMessage");
  const sync = useLive("sync.status");
  const kept = draft.data?.body;
  useEffect(() => {
    if (kept) setText((now) => now || kept);
  }, [kept]);
  useEffect(() => {
    const timer = setTimeout(() => void send("cases.saveDraft", { id, body: text }).catch(() => {}), 400);
    return () => clearTimeout(timer);
  }, [id, text]);
  const write = (next: Kind) => {
    setKind(next);
    box.current?.focus();
  };
  useShortcuts([
    { keys: "R", label: t("reply", { name }), group: t("title"), when: may("cases:reply"), run: () => write("reply") },
    { keys: "N", label: t("note"), group: t("title"), when: may("cases:note_internal"), run: () => write("note") },
    { keys: "Ctrl+Enter", label: t("send"), group: t("title"), run: () => submit(false) },
  ]);
  const submit = (thenWait: boolean) => {
    if (!text.trim()) return;
    const act =
      kind === "reply"
        ? reply.act({ id, body: text, thenWait })
        : kind === "note"
          ? note.act({ id, body: text })
          : words.act({ id, body: text });
    void act.then(() => setText("")).catch((error: Error) => notify({ tone: "stop", title: error.message }));
  };
  const options = [
    ...(may("cases:reply") ? [{ value: "reply", label: t("reply", { name }) }] : []),
    ...(may("cases:note_internal") ? [{ value: "note", label: t("note") }] : []),
    ...(may("cases:create") ? [{ value: "patient", label: t("patientSaid") }] : []),
  ];
  return (
    <div className={`composer ${kind === "note" ? "notey" : ""}`}>
      <Segmented label={t("send")} value={kind} onChange={(value) => write(value as Kind)} options={options} />
      <textarea
        ref={box}
        aria-label={options.find((option) => option.value === kind)?.label ?? t("note")}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="row g2">
        <span className="small t3 grow">
          {[text ? t("draftKept") : "", sync.data?.state === "offline" ? t("goesOnline") : ""]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {kind === "reply" ? <Button onClick={() => submit(true)}>{t("sendWait")}</Button> : null}
        <Button variant="primary" keys="Ctrl Enter" onClick={() => submit(false)}>
          {kind === "reply" ? t("send") : kind === "note" ? t("keepNote") : t("keepWords")}
        </Button>
      </div>
    </div>
  );
}

function CaseContext({ data }: { data: Detail }) {
  const t = useT("cases");
  const { patient, prescription } = data;
  const rx = prescription ? rxOf(prescription as never) : null;
  return (
    <>
      {patient ? (
        <ContextSection>
          <a className="name" href={`#/patients/${patient.id}`}>
            {patient.given_name} {patient.family_name}
          </a>
          <p className="small t3 tab">
            {t("years", { count: patient.age })} · {patient.number} · {patient.phone}
          </p>
          {patient.allergies ? <Chip tone="stop">{patient.allergies}</Chip> : null}
        </ContextSection>
      ) : null}
      {rx && prescription ? (
        <ContextSection title={t("rx", { date: dateText(prescription.issued_on) })}>
          <Rx r={rx.r} l={rx.l} size="s" />
        </ContextSection>
      ) : null}
      {data.jobs.length > 0 ? (
        <ContextSection title={t("order")}>
          <ul className="stack">
            {data.jobs.map((job) => (
              <li key={job.id} className="row g2">
                <a className="tab grow" href={`#/lab/${job.id}`}>
                  {job.number}
                </a>
                <span className="t3">{dateText(job.promised_on)}</span>
              </li>
            ))}
          </ul>
        </ContextSection>
      ) : null}
      {data.before.length > 0 ? (
        <ContextSection title={t("before")}>
          <ul className="stack">
            {data.before.map((other) => (
              <li key={other.id}>
                <a href={`#/cases/${other.id}`}>{other.subject}</a>{" "}
                <span className="small t3">{t(`status.${other.status}`)}</span>
              </li>
            ))}
          </ul>
        </ContextSection>
      ) : null}
    </>
  );
}

function StatusDialog({ data, onClose }: { data: Detail; onClose: () => void }) {
  const t = useT("cases");
  const setStatus = useAct("cases.setStatus");
  const setUrgency = useAct("cases.setUrgency");
  const [status, setValue] = useState<string>(data.next[0] ?? "in_progress");
  const [urgency, setLevel] = useState<string>(data.file.urgency);
  const [text, setText] = useState("");
  const save = async () => {
    if (urgency !== data.file.urgency) await setUrgency.act({ id: data.file.id, urgency: urgency as "R" });
    if (status !== data.file.status) await setStatus.act({ id: data.file.id, status: status as "open", text });
    onClose();
  };
  const error = setStatus.error ?? setUrgency.error;
  return (
    <Dialog
      title={t("changeStatus")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={setStatus.busy} onClick={() => void save().catch(() => {})}>
          {t("do")}
        </Button>
      }
    >
      <div className="stack">
        <Select
          label={t("changeStatus")}
          value={status}
          onChange={setValue}
          options={[...data.next, data.file.status].map((value) => ({ value, label: t(`status.${value}`) }))}
        />
        <Select
          label={t("urgency")}
          value={urgency}
          onChange={setLevel}
          options={["R", "W", "U", "E1", "E0"].map((value) => ({ value, label: t(`levels.${value}`) }))}
        />
        {status === "closed" ? <TextInput label={t("closing")} value={text} onChange={setText} multiline={3} /> : null}
        {error ? <Callout tone="stop">{error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}

function AssignDialog({ data, onClose }: { data: Detail; onClose: () => void }) {
  const t = useT("cases");
  const assign = useAct("cases.assign");
  const people = useLive("cases.people");
  const [owner, setOwner] = useState(data.file.owner_id ?? "");
  const save = () =>
    void assign
      .act({ id: data.file.id, ownerId: owner || null })
      .then(onClose)
      .catch(() => {});
  return (
    <Dialog
      title={t("assign")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={assign.busy} onClick={save}>
          {t("do")}
        </Button>
      }
    >
      <div className="stack">
        <Select
          label={t("assign")}
          value={owner}
          onChange={setOwner}
          options={[
            { value: "", label: t("nobody") },
            ...(people.data ?? []).map(({ id, display_name }) => ({ value: id, label: display_name })),
          ]}
        />
        {assign.error ? <Callout tone="stop">{assign.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
