/** Everything about one patient on one screen, from the replica, as it changes. */
import { CalendarPlus, Eye, Glasses } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { type Output, useAct, useLive } from "../../api/index.ts";
import {
  Button,
  Callout,
  dateText,
  ErrorState,
  go,
  Kbd,
  Tabs,
  usePlace,
  useShortcuts,
  useT,
  Work,
} from "../../ui/index.ts";
import { Attachments } from "../files/index.tsx";
import { useSession } from "../shell/session.tsx";
import { Consents } from "./consents.tsx";
import { PatientContext } from "./context.tsx";
import { DiscardedExams } from "./discarded.tsx";
import { EmergencyButton, EmergencyDialog, EmergencyStrip } from "./emergency.tsx";
import { entriesOf } from "./entries.ts";
import type { Summary, TabName } from "./entry.ts";
import { AddFamily } from "./family.tsx";
import { fieldLabel, fieldText } from "./fields.ts";
import { PatientHead } from "./header.tsx";
import { MergeDialog } from "./merge.tsx";
import { ListNotShown, PartNotShown } from "./not-shown.tsx";
import { AddPrescription } from "./prescription.tsx";
import { EditPatient } from "./register.tsx";
import { countOf, entriesFor, tabs } from "./tabs.ts";
import { Tiles } from "./tiles.tsx";
import { Timeline } from "./timeline.tsx";
import { kindOfTab, partly, whyUnseen } from "./unseen.ts";

type Open =
  | { readonly what: "edit" | "rx" | "consents" | "family" | "emergency" }
  | { readonly what: "merge"; readonly other: string };

function useToday(): string {
  const { timeZone } = usePlace();
  return new Intl.DateTimeFormat("en-CA", { timeZone }).format(Date.now());
}

export function PatientScreen({ id }: { id: string }) {
  const { data, error } = useLive("patients.summary", { id });
  const kept = data?.patient.id;
  useEffect(() => {
    // A record that was merged leads to the one that is kept, and stays out of the way back.
    if (kept && kept !== id) window.location.replace(`#/patients/${kept}`);
  }, [kept, id]);
  if (error) return <ErrorState error={error} />;
  return data && kept === id ? <Patient data={data} /> : null;
}

function Patient({ data }: { data: Summary }) {
  const t = useT("patients");
  const { may, device } = useSession();
  const { id } = data.patient;
  const files = useLive("files.count", { patientId: id });
  const [tab, setTab] = useState<TabName>("timeline");
  const [open, setOpen] = useState<Open | null>(null);
  const start = useAct("exams.start");
  const near = useLive("patients.near", { id });
  const today = useToday();
  const entries = useMemo(() => entriesOf(data), [data]);
  const shown = useMemo(() => entriesFor(entries, tab), [entries, tab]);
  const sells = may("pos:access") && ["till", "single", "hq"].includes(device.profile);
  const examines = may("exams:create") && ["exam", "single"].includes(device.profile);
  const edits = may("patients:edit_demographics");
  const books = may("appointments:book");
  const book = () => go(`/diary?patient=${id}`);
  const { opened, mayOpen } = data.emergency;
  const emergency = mayOpen && !opened ? () => setOpen({ what: "emergency" }) : undefined;
  const consents = may("consent:manage");
  const beginExam = () =>
    void start
      .act({ patientId: id })
      .then((exam) => go(`/exam/${exam.id}`))
      .catch(() => {});
  const close = () => setOpen(null);
  const kind = kindOfTab[tab];
  const why = kind ? whyUnseen(data, kind) : null;
  const clinical = kind === "clinical" || kind === "prescriptions";
  const openIt = emergency && clinical && why === "role" ? <EmergencyButton open={emergency} /> : undefined;
  const act = (keys: string, label: string, when: boolean, run: () => void) => ({
    keys,
    label: t(label),
    group: t("title"),
    when,
    run,
  });
  useShortcuts([
    act("D", "dispense", sells, () => go(`/till/${id}`)),
    act("X", "exam", examines, beginExam),
    act("C", "openCase", may("cases:create"), () => go(`/cases?patient=${id}`)),
    act("B", "book", books, book),
    act("G", "emergency.open", emergency !== undefined, () => emergency?.()),
    act("E", "edit", edits, () => setOpen({ what: "edit" })),
    act("S", "consents", consents, () => setOpen({ what: "consents" })),
    act("R", "addRx", may("pos:access"), () => setOpen({ what: "rx" })),
    act("F", "addFamily", edits, () => setOpen({ what: "family" })),
    ...tabs.map(({ name }, index) => act(String(index + 1), `tabs.${name}`, true, () => setTab(name))),
    act("Escape", "back", true, () => go("/patients")),
  ]);
  return (
    <Work
      context={
        <PatientContext
          data={data}
          today={today}
          acts={{
            addRx: may("pos:access") ? () => setOpen({ what: "rx" }) : undefined,
            consents: consents ? () => setOpen({ what: "consents" }) : undefined,
            family: edits ? () => setOpen({ what: "family" }) : undefined,
            mayMerge: may("patients:merge"),
            emergency,
          }}
        />
      }
      hints={[
        ...(sells ? [{ keys: "D", label: t("dispense") }] : []),
        ...(examines ? [{ keys: "X", label: t("exam") }] : []),
        { keys: `1 – ${tabs.length}`, label: t("tab") },
        { keys: "J K", label: t("upDown") },
        { keys: "Esc", label: t("back") },
      ]}
      top={
        <PatientHead data={data} today={today}>
          {edits ? (
            <Button keys="E" onClick={() => setOpen({ what: "edit" })}>
              {t("edit")}
            </Button>
          ) : null}
          {books ? (
            <Button icon={CalendarPlus} keys="B" onClick={book}>
              {t("book")}
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
        </PatientHead>
      }
      head={
        <>
          <Tiles data={data} today={today} />
          <div className="tabline">
            <Tabs
              label={t("title")}
              value={tab}
              onChange={(value) => setTab(value as TabName)}
              options={tabs.map((each) => ({
                value: each.name,
                label: t(`tabs.${each.name}`),
                count: each.name === "files" ? files.data : countOf(each, data),
              }))}
            />
            <span className="t3 tabkeys">
              <Kbd keys="1" /> – <Kbd keys={String(tabs.length)} />
            </span>
          </div>
        </>
      }
    >
      <EmergencyStrip opened={opened} />
      <Conflicts data={data} />
      {near.data?.same.map((other) => (
        <LikelySame
          key={other.id}
          other={other}
          compare={may("patients:merge") ? () => setOpen({ what: "merge", other: other.id }) : undefined}
        />
      ))}
      {kind && why && partly.includes(tab) ? (
        <PartNotShown what={tab === "files" ? "images" : kind} why={why} action={openIt} />
      ) : null}
      {tab === "exams" && data.sees.clinical ? <DiscardedExams patientId={id} examines={examines} /> : null}
      {tab === "files" ? (
        <div className="pad">
          <Attachments subject={{ entity: "patient", id }} patientId={id} />
        </div>
      ) : kind && why && !partly.includes(tab) ? (
        <ListNotShown kind={kind} why={why} action={openIt} />
      ) : (
        <Timeline key={tab} label={t(`tabs.${tab}`)} entries={shown} hint={t(`emptyTab.${tab}`)} />
      )}
      {open?.what === "edit" ? <EditPatient data={data} onClose={close} /> : null}
      {open?.what === "rx" ? <AddPrescription patientId={id} today={today} onClose={close} /> : null}
      {open?.what === "consents" ? <Consents data={data} onClose={close} /> : null}
      {open?.what === "family" ? <AddFamily data={data} onClose={close} /> : null}
      {open?.what === "emergency" ? <EmergencyDialog patientId={id} onClose={close} /> : null}
      {open?.what === "merge" ? <MergeDialog id={id} otherId={open.other} onClose={close} /> : null}
    </Work>
  );
}

/** Two values for one field: the one that lost is shown until somebody has seen to it. */
function Conflicts({ data }: { data: Summary }) {
  const t = useT("patients");
  return data.conflicts.slice(0, 2).map((conflict) => (
    <div className="pt-strip" key={conflict.id}>
      <Callout tone="look">
        {t("conflict", { field: fieldLabel(conflict.field), lost: fieldText(conflict.field, conflict.lost) })}
      </Callout>
    </div>
  ));
}

function LikelySame({
  other,
  compare,
}: {
  other: Output<"patients.near">["same"][number];
  compare?: (() => void) | undefined;
}) {
  const t = useT("patients");
  return (
    <div className="pt-strip">
      <Callout tone="look">
        <span className="row g3">
          <span className="grow">
            {t("likelySame", {
              who: `${other.given_name} ${other.family_name}, ${dateText(other.date_of_birth)}, ${other.number}`,
              why: other.reasons.map((reason) => t(`reason.${reason}`)).join(", "),
            })}
          </span>
          {compare ? (
            <Button size="s" onClick={compare}>
              {t("compare")}
            </Button>
          ) : (
            <Button size="s" onClick={() => go(`/patients/${other.id}`)}>
              {t("openThem")}
            </Button>
          )}
        </span>
      </Callout>
    </div>
  );
}
