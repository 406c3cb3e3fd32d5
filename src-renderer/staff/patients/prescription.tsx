import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { isUnusual } from "../../../src-shared/exams/check.ts";
import type { GlassesPrescription } from "../../../src-shared/exams/fhir.ts";
import { readVisionPrescriptions } from "../../../src-shared/exams/fhir-read.ts";
import type { FieldShape } from "../../../src-shared/exams/field.ts";
import { readValue } from "../../../src-shared/exams/reading.ts";
import { checkRx, type EyeRx, type EyeSide, emptyEye, parseRxLine } from "../../../src-shared/optics/index.ts";
import { useAct } from "../../api/index.ts";
import {
  AxisInput,
  addTexts,
  Button,
  Callout,
  DateInput,
  Dialog,
  dateText,
  everythingRead,
  PowerInput,
  TextInput,
  translate,
  useLimits,
  useT,
} from "../../ui/index.ts";

/** One eye as it is typed: cell by cell, or the whole line at once. */
function EyeFields({
  label,
  side,
  eye,
  onChange,
  ghost,
}: {
  label: string;
  side: EyeSide;
  eye: EyeRx;
  onChange: (eye: EyeRx) => void;
  ghost?: EyeRx | null;
}) {
  const t = useT("patients");
  const { rx } = useLimits();
  const [line, setLine] = useState("");
  const [bad, setBad] = useState<string | null>(null);
  const take = () => {
    if (!line.trim()) return;
    const parsed = parseRxLine(line, rx, side);
    if (!parsed.ok) {
      setBad(parsed.message);
      return;
    }
    setBad(null);
    setLine("");
    onChange(parsed.value);
  };
  // Without a prescription before it there is nothing to make room for.
  const before = (cell: "sphere" | "cylinder" | "axis" | "add") => (ghost ? { ghost: ghost[cell] } : {});
  return (
    <fieldset className="eye">
      <legend className="section">{label}</legend>
      <div className="eye-cells">
        <PowerInput
          label={t("sphere")}
          quantity="sphere"
          value={eye.sphere}
          {...before("sphere")}
          onChange={(sphere) => onChange({ ...eye, sphere })}
        />
        <PowerInput
          label={t("cylinder")}
          quantity="cylinder"
          value={eye.cylinder}
          {...before("cylinder")}
          onChange={(cylinder) =>
            onChange({ ...eye, cylinder: cylinder === 0 ? null : cylinder, axis: cylinder ? eye.axis : null })
          }
        />
        <AxisInput
          label={t("axis")}
          value={eye.axis}
          {...before("axis")}
          onChange={(axis) => onChange({ ...eye, axis })}
        />
        <PowerInput
          label={t("add")}
          quantity="add"
          value={eye.add}
          {...before("add")}
          onChange={(add) => onChange({ ...eye, add: add === 0 ? null : add })}
        />
      </div>
      <TextInput
        label={`${t("wholeLine")}, ${label.toLowerCase()}`}
        value={line}
        onChange={setLine}
        onEnter={take}
        onBlur={take}
        error={bad}
        placeholder={t("wholeLineHint")}
        autoComplete="off"
      />
    </fieldset>
  );
}

const none: EyeRx = emptyEye;
const vertex: FieldShape = { kind: "number", unit: "mm", min: 50, max: 250, scale: 10, quantity: "bvd" };

/** What is to be looked at in the two eyes, beyond what stands below a power: prisms, and one eye against the other. */
function Looks({ r, l }: { r: EyeRx; l: EyeRx }) {
  const t = useT("patients");
  const { rx } = useLimits();
  const looks = checkRx({ r, l }, {}, rx).filter(
    ({ severity, code, field }) => severity === "warn" && (code !== "unusual" || field.startsWith("prism")),
  );
  return looks.map(({ eye, field, code, message }) => (
    <p key={eye + field + code} className="msg is-look">
      {eye === "both" ? "" : `${t(eye === "r" ? "right" : "left")}: `}
      {message}
    </p>
  ));
}

addTexts("importing", {
  from: "From another system",
  paste: "Paste a FHIR prescription, or choose its file",
  file: "Choose a file",
  taken: "Read: {{name}}, written {{date}}. Look it over, then save.",
  several: "The file holds {{count}} prescriptions of glasses; the newest was taken.",
  other: "It was written for {{name}}.",
  lensesOnly: "This file holds contact lenses only. Glasses are typed and kept here.",
  unread: "The file could not be opened. Choose it again, or paste what is in it.",
});

/** A prescription out of a file of another system, pasted or chosen: read whole, or said what is wrong with it. */
function ImportPrescription({ take }: { take: (prescription: GlassesPrescription) => void }) {
  const t = useT("importing");
  const limits = useLimits();
  const [text, setText] = useState("");
  const [said, setSaid] = useState<{ tone: "done" | "stop"; words: string } | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const read = (json: string) => {
    setText(json);
    if (!json.trim()) return setSaid(null);
    const found = readVisionPrescriptions(json, limits);
    if (!found.ok) return setSaid({ tone: "stop", words: found.message });
    const glasses = found.prescriptions.filter((each) => each.kind === "glasses");
    const [newest] = glasses;
    if (!newest) return setSaid({ tone: "stop", words: t("lensesOnly") });
    take(newest);
    setText("");
    setSaid({
      tone: "done",
      words: [
        t("taken", { name: newest.prescriber.name || "–", date: dateText(newest.issuedOn) }),
        newest.patient.name ? t("other", { name: newest.patient.name }) : "",
        glasses.length > 1 ? t("several", { count: glasses.length }) : "",
      ].join(" "),
    });
  };
  return (
    <details className="import-rx">
      <summary>{t("from")}</summary>
      <div className="stack">
        <TextInput label={t("paste")} value={text} onChange={read} multiline={3} />
        <Button size="s" icon={FileUp} onClick={() => chooser.current?.click()}>
          {t("file")}
        </Button>
        <input
          ref={chooser}
          type="file"
          hidden
          accept=".json,application/json,application/fhir+json"
          aria-label={t("file")}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = "";
            void file?.text().then(read, () => setSaid({ tone: "stop", words: t("unread") }));
          }}
        />
        {said ? <Callout tone={said.tone}>{said.words}</Callout> : null}
      </div>
    </details>
  );
}

/** A prescription that the patient brought, kept on file as it was written elsewhere. */
export function AddPrescription({
  patientId,
  today,
  onClose,
}: {
  patientId: string;
  today: string;
  onClose: () => void;
}) {
  const t = useT("patients");
  const add = useAct("patients.addPrescription");
  const [r, setR] = useState<EyeRx>(none);
  const [l, setL] = useState<EyeRx>(none);
  const [issuedOn, setIssued] = useState(today);
  const [expiresOn, setExpires] = useState(`${Number(today.slice(0, 4)) + 2}${today.slice(4)}`);
  const [prescriber, setPrescriber] = useState("");
  const [bvd, setBvd] = useState("");
  const limits = useLimits();
  const distance = readValue({ shape: vertex }, bvd, String, limits);
  const [note, setNote] = useState<string | null>(null);
  const [intermediate, setIntermediate] = useState<GlassesPrescription["intermediate"]>({ r: null, l: null });
  const fill = (read: GlassesPrescription) => {
    setR(read.r);
    setL(read.l);
    setIssued(read.issuedOn);
    if (read.expiresOn) setExpires(read.expiresOn);
    setPrescriber([read.prescriber.name, read.prescriber.registration].filter(Boolean).join(", "));
    setIntermediate(read.intermediate);
    setBvd(read.bvd === null ? "" : (read.bvd / 10).toFixed(1));
    setNote([read.purpose, read.note].filter(Boolean).join("; ") || null);
  };
  const save = () =>
    everythingRead() &&
    void add
      .act({
        patientId,
        r,
        l,
        intermediate,
        bvd: distance.ok ? (distance.value as number | null) : null,
        issuedOn,
        expiresOn,
        prescriber,
        note,
      })
      .then(onClose)
      .catch(() => {});
  return (
    <Dialog
      title={t("addRx")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={add.busy} waits={distance.ok ? undefined : distance.message} onClick={save}>
          {t("addRxDo")}
        </Button>
      }
    >
      <div className="stack">
        <ImportPrescription take={fill} />
        <EyeFields label={t("right")} side="r" eye={r} onChange={setR} />
        <EyeFields label={t("left")} side="l" eye={l} onChange={setL} />
        <Looks r={r} l={l} />
        <div className="grid2">
          {(["r", "l"] as const).map((side) => (
            <PowerInput
              key={side}
              label={`${t("intermediateAdd")}, ${t(side === "r" ? "right" : "left").toLowerCase()}`}
              quantity="add"
              value={intermediate[side]}
              onChange={(add) => setIntermediate({ ...intermediate, [side]: add === 0 ? null : add })}
            />
          ))}
        </div>
        <div className="grid2">
          <DateInput label={t("issued")} value={issuedOn} onChange={setIssued} />
          <DateInput label={t("expires")} value={expiresOn} onChange={setExpires} />
          <TextInput label={t("prescriber")} value={prescriber} onChange={setPrescriber} />
          <TextInput
            label={t("bvd")}
            value={bvd}
            onChange={setBvd}
            inputMode="decimal"
            unit="mm"
            error={distance.ok ? null : distance.message}
            warning={
              distance.ok && isUnusual(vertex, distance.value, limits.rx, limits.measures)
                ? translate("exams", "unusual", { label: t("bvd") })
                : null
            }
          />
        </div>
        {add.error ? <Callout tone="stop">{add.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
