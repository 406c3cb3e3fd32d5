/** Everything about one patient on one screen, from the replica, as it changes. */
import {
  AlertTriangle,
  BriefcaseBusiness,
  Car,
  CreditCard,
  Eye,
  Glasses,
  Inbox,
  type LucideIcon,
  ShieldAlert,
} from "lucide-react";
import { useState } from "react";
import { ageOn } from "../../../src-shared/calendar/index.ts";
import { formatEyeShort, rxOf } from "../../../src-shared/optics/index.ts";
import { type Output, useAct, useLive } from "../../api/index.ts";
import {
  Avatar,
  Button,
  Callout,
  Chip,
  ContextSection,
  dateText,
  EmptyState,
  ErrorState,
  go,
  instantText,
  LockNote,
  Money,
  Rx,
  Tabs,
  translate,
  usePlace,
  useShortcuts,
  useT,
  Work,
} from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import { PowerChart } from "./chart.tsx";
import { BroughtOver } from "./import/brought.tsx";
import { AddPrescription } from "./prescription.tsx";
import { EditPatient } from "./register.tsx";

type Summary = Output<"patients.summary">;
type Tab = "timeline" | "exams" | "rx" | "orders" | "money" | "cases";

function useToday(): string {
  const { timeZone } = usePlace();
  return new Intl.DateTimeFormat("en-CA", { timeZone }).format(Date.now());
}
const initials = (given: string, family: string) => `${given[0] ?? ""}${family[0] ?? ""}`.toUpperCase();

export function PatientScreen({ id }: { id: string }) {
  const t = useT("patients");
  const { may, device } = useSession();
  const { data, error } = useLive("patients.summary", { id });
  const [tab, setTab] = useState<Tab>("timeline");
  const [editing, setEditing] = useState(false);
  const [adding, setAdding] = useState(false);
  const start = useAct("exams.start");
  const today = useToday();
  const sells = may("pos:access") && ["till", "single", "hq"].includes(device.profile);
  const examines = may("exams:create") && ["exam", "single"].includes(device.profile);
  const beginExam = () =>
    void start
      .act({ patientId: id })
      .then((exam) => go(`/exam/${exam.id}`))
      .catch(() => {});
  const tabs: Tab[] = ["timeline", "exams", "rx", "orders", "money", "cases"];
  useShortcuts([
    { keys: "D", label: t("dispense"), group: t("title"), when: sells, run: () => go(`/till/${id}`) },
    { keys: "X", label: t("exam"), group: t("title"), when: examines, run: beginExam },
    {
      keys: "C",
      label: t("openCase"),
      group: t("title"),
      when: may("cases:create"),
      run: () => go(`/cases?patient=${id}`),
    },
    {
      keys: "E",
      label: t("edit"),
      group: t("title"),
      when: may("patients:edit_demographics"),
      run: () => setEditing(true),
    },
    ...tabs.map((name, index) => ({
      keys: String(index + 1),
      label: t(`tabs.${name}`),
      group: t("title"),
      run: () => setTab(name),
    })),
    { keys: "Escape", label: t("title"), group: t("title"), run: () => go("/patients") },
  ]);
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  const { patient } = data;
  const age = ageOn(patient.date_of_birth, today);
  const [rx, before] = data.prescriptions;
  return (
    <Work
      context={
        <Context
          data={data}
          today={today}
          onAdd={() => setAdding(true)}
          canAdd={may("pos:access")}
          rx={rx}
          before={before}
        />
      }
      hints={[
        ...(sells ? [{ keys: "D", label: t("dispense") }] : []),
        { keys: "1 – 6", label: t("tabs.timeline") },
        { keys: "E", label: t("edit") },
        { keys: "Esc", label: t("title") },
      ]}
      head={
        <>
          <div className="phead">
            <Avatar size="l" initials={initials(patient.given_name, patient.family_name)} />
            <div>
              <h1>
                {patient.given_name} {patient.family_name}
              </h1>
              <p className="t2 tab">
                {t("years", { count: age })}, {dateText(patient.date_of_birth)} · {patient.number} · {patient.phone}
              </p>
            </div>
            <span className="push" />
            {patient.allergies ? (
              <Chip tone="stop" icon={AlertTriangle}>
                {t("allergy", { what: patient.allergies })}
              </Chip>
            ) : null}
            {patient.warning ? (
              <Chip tone="look" icon={ShieldAlert}>
                {patient.warning}
              </Chip>
            ) : null}
            {patient.drives ? <Chip icon={Car}>{t("drives")}</Chip> : null}
            {age < 16 ? (
              <Chip tone="stop" icon={ShieldAlert}>
                {t("flags.u16")}
              </Chip>
            ) : age >= 70 ? (
              <Chip tone="info">{t("flags.o70")}</Chip>
            ) : age >= 60 ? (
              <Chip tone="info">{t("flags.o60")}</Chip>
            ) : null}
            {may("patients:edit_demographics") ? (
              <Button keys="E" onClick={() => setEditing(true)}>
                {t("edit")}
              </Button>
            ) : null}
            {may("cases:create") ? (
              <Button keys="C" onClick={() => go(`/cases?patient=${id}`)}>
                {t("openCase")}
              </Button>
            ) : null}
            {examines ? (
              <Button variant={sells ? "default" : "primary"} icon={Eye} keys="X" onClick={beginExam}>
                {t("exam")}
              </Button>
            ) : null}
            {sells ? (
              <Button variant="primary" icon={Glasses} keys="D" onClick={() => go(`/till/${id}`)}>
                {t("dispense")}
              </Button>
            ) : null}
          </div>
          <Tiles data={data} />
          <Tabs
            label={t("title")}
            value={tab}
            onChange={(value) => setTab(value as Tab)}
            options={[
              { value: "timeline", label: t("tabs.timeline") },
              { value: "exams", label: t("tabs.exams"), count: data.exams.length },
              { value: "rx", label: t("tabs.rx"), count: data.prescriptions.length },
              { value: "orders", label: t("tabs.orders"), count: data.jobs.length },
              { value: "money", label: t("tabs.money"), count: data.sales.length },
              { value: "cases", label: t("tabs.cases"), count: data.cases.length },
            ]}
          />
        </>
      }
    >
      {data.conflicts.slice(0, 2).map((conflict) => (
        <div className="pad" key={conflict.id}>
          <Callout tone="look">
            {t("conflict", { field: conflict.field.replaceAll("_", " "), lost: String(JSON.parse(conflict.lost)) })}
          </Callout>
        </div>
      ))}
      <Timeline entries={entriesOf(data, tab)} />
      {editing ? <EditPatient patient={patient} onClose={() => setEditing(false)} /> : null}
      {adding ? <AddPrescription patientId={id} today={today} onClose={() => setAdding(false)} /> : null}
    </Work>
  );
}

function Tiles({ data }: { data: Summary }) {
  const t = useT("patients");
  const open = data.jobs.filter((job) => job.stage !== "collected");
  const last = data.exams[0]?.examined_on;
  return (
    <div className="tiles">
      <div>
        <p className="label">{t("spent")}</p>
        <p className="v">
          <Money minor={data.totals.spent} />
        </p>
      </div>
      <div>
        <p className="label">{t("open")}</p>
        <p className="v">{open.length}</p>
        {open[0] ? <p className="small t2">{translate("lab", `stage.${open[0].stage}`)}</p> : null}
      </div>
      <div>
        <p className="label">{t("balance")}</p>
        <p className="v">
          <Money minor={data.totals.balance} />
        </p>
        <p className="small t3">{data.totals.balance > 0 ? t("due") : t("settled")}</p>
      </div>
      <div>
        <p className="label">{t("lastVisit")}</p>
        <p className="v">{last ? dateText(last) : "–"}</p>
        <p className="small t3">{last ? data.exams[0]?.optometrist : t("never")}</p>
      </div>
    </div>
  );
}

type Prescription = Summary["prescriptions"][number];
function Context({
  data,
  today,
  rx,
  before,
  onAdd,
  canAdd,
}: {
  data: Summary;
  today: string;
  rx: Prescription | undefined;
  before: Prescription | undefined;
  onAdd: () => void;
  canAdd: boolean;
}) {
  const t = useT("patients");
  const { patient } = data;
  const current = rx ? rxOf(rx as never) : null;
  return (
    <>
      <ContextSection
        title={t("rx")}
        aside={
          rx ? (
            rx.expires_on < today ? (
              <Chip tone="look">{t("expired", { date: dateText(rx.expires_on) })}</Chip>
            ) : (
              <Chip tone="done">{t("validTo", { date: dateText(rx.expires_on) })}</Chip>
            )
          ) : undefined
        }
      >
        {current ? (
          <>
            <Rx r={current.r} l={current.l} previous={before ? rxOf(before as never) : null} />
            {before ? <p className="small t3">{t("changes", { date: dateText(before.issued_on) })}</p> : null}
          </>
        ) : (
          <p className="t3">{t("noRx")}</p>
        )}
        {canAdd ? (
          <p>
            <button type="button" className="btn quiet s" onClick={onAdd}>
              {t("addRx")}
            </button>
          </p>
        ) : null}
      </ContextSection>
      {data.prescriptions.length > 1 ? (
        <ContextSection title={t("meanSphere")}>
          <PowerChart prescriptions={data.prescriptions} />
        </ContextSection>
      ) : null}
      <BroughtOver patientId={patient.id} />
      <ContextSection title={t("keep")}>
        <dl className="kv">
          <dt>{t("recall")}</dt>
          <dd>{data.exams[0]?.recall_on ? dateText(data.exams[0].recall_on) : "–"}</dd>
          {patient.occupation ? (
            <>
              <dt>{t("occupation")}</dt>
              <dd>{patient.occupation}</dd>
            </>
          ) : null}
          {patient.email ? (
            <>
              <dt>{t("email")}</dt>
              <dd className="clip">{patient.email}</dd>
            </>
          ) : null}
          {patient.address ? (
            <>
              <dt>{t("address")}</dt>
              <dd>{patient.address}</dd>
            </>
          ) : null}
          <dt>{t("contact")}</dt>
          <dd>
            {[patient.contact_by_text ? t("text") : "", patient.contact_by_email ? t("email") : ""]
              .filter(Boolean)
              .join(", ") || t("noOffers")}
          </dd>
        </dl>
        {patient.notes ? <p className="t2">{patient.notes}</p> : null}
      </ContextSection>
    </>
  );
}

interface Entry {
  readonly id: string;
  readonly tab: Tab;
  readonly at: number;
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly amount?: number;
  readonly chip?: string;
  readonly locked?: boolean;
  readonly link?: string;
}

/** All kinds of happenings in one order of time, newest first. */
function entriesOf(data: Summary, tab: Tab): Entry[] {
  const say = (key: string, values?: Record<string, unknown>) => translate("patients", key, values);
  const entries: Entry[] = [
    ...data.sales.map(
      (sale): Entry => ({
        id: sale.id,
        tab: "money",
        at: sale.at,
        icon: Glasses,
        title: `${say("sold")}, ${sale.number}`,
        text: data.lines
          .filter((line) => line.sale_id === sale.id)
          .map((line) => line.description)
          .join(", "),
        amount: sale.total,
        chip: translate("dispensing", `status.${sale.status}`),
        link: `/till/receipt/${sale.id}`,
      }),
    ),
    ...data.payments.map(
      (payment): Entry => ({
        id: payment.id,
        tab: "money",
        at: payment.at,
        icon: CreditCard,
        title: say("payment", { tender: payment.tender.replaceAll("_", " ") }),
        text: "",
        amount: payment.amount,
      }),
    ),
    ...data.exams.map(
      (exam): Entry => ({
        id: exam.id,
        tab: "exams",
        at: exam.at,
        icon: Eye,
        title: `${say("sightTest")}, ${exam.optometrist}`,
        text: [
          translate("today", `outcome.${exam.outcome}`),
          exam.recall_on ? `${say("recall")} ${dateText(exam.recall_on)}` : "",
        ]
          .filter(Boolean)
          .join(". "),
        locked: true,
      }),
    ),
    ...data.jobs.map(
      (job): Entry => ({
        id: job.id,
        tab: "orders",
        at: job.at,
        icon: BriefcaseBusiness,
        title: say("job", { number: job.number }),
        text: (JSON.parse(job.content) as { lens: { name: string } }).lens.name,
        chip: translate("lab", `stage.${job.held ? "held" : job.stage}`),
        link: `/lab/${job.id}`,
      }),
    ),
    ...data.cases.map(
      (file): Entry => ({
        id: file.id,
        tab: "cases",
        at: file.opened_at,
        icon: Inbox,
        title: `${say("case", { number: file.number })}: ${file.subject}`,
        text: "",
        chip: translate("cases", `status.${file.status}`),
        link: `/cases/${file.id}`,
      }),
    ),
    ...(tab === "rx" ? data.prescriptions : []).map((rx): Entry => {
      const { r, l } = rxOf(rx as never);
      return {
        id: rx.id,
        tab: "rx",
        at: rx.at,
        icon: Eye,
        title: `${say("rx")}, ${rx.prescriber}`,
        text: `R ${formatEyeShort(r)}   L ${formatEyeShort(l)}`,
      };
    }),
  ];
  return entries.filter((entry) => tab === "timeline" || entry.tab === tab).sort((a, b) => b.at - a.at);
}

function Timeline({ entries }: { entries: readonly Entry[] }) {
  const t = useT("patients");
  const { timeZone } = usePlace();
  if (entries.length === 0) return <EmptyState title={t("empty")}>{t("emptyText")}</EmptyState>;
  const groups = Map.groupBy(entries, (entry) =>
    new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone }).format(entry.at),
  );
  return (
    <div className="tl">
      {[...groups].map(([month, list]) => (
        <section key={month}>
          <h2 className="yr">{month}</h2>
          <ul>
            {list.map((entry) => (
              <li key={entry.id}>
                <span className="d">
                  {new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", timeZone }).format(entry.at)}
                  <span className="t3 block">{instantText(entry.at, timeZone, "time")}</span>
                </span>
                <span className="ico">
                  <entry.icon className="i s" aria-hidden />
                </span>
                <span>
                  {entry.link ? (
                    <a href={`#${entry.link}`}>
                      <b>{entry.title}</b>
                    </a>
                  ) : (
                    <b>{entry.title}</b>
                  )}
                  <span className="t2 block">{entry.text}</span>
                </span>
                <span className="r">
                  {entry.amount === undefined ? null : (
                    <b>
                      <Money minor={entry.amount} />
                    </b>
                  )}
                  {entry.chip ? <Chip tone="info">{entry.chip}</Chip> : null}
                  {entry.locked ? (
                    <LockNote>{dateText(new Intl.DateTimeFormat("en-CA", { timeZone }).format(entry.at))}</LockNote>
                  ) : null}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
