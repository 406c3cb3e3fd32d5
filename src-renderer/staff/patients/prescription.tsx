import { useState } from "react";
import { type EyeRx, emptyEye, parseRxLine } from "../../../src-shared/optics/index.ts";
import { useAct } from "../../api/index.ts";
import { AxisInput, Button, Callout, DateInput, Dialog, PowerInput, TextInput, useT } from "../../ui/index.ts";

/** One eye as it is typed: cell by cell, or the whole line at once. */
function EyeFields({
  label,
  eye,
  onChange,
  ghost,
}: {
  label: string;
  eye: EyeRx;
  onChange: (eye: EyeRx) => void;
  ghost?: EyeRx | null;
}) {
  const t = useT("patients");
  const [line, setLine] = useState("");
  const [bad, setBad] = useState<string | null>(null);
  const take = () => {
    if (!line.trim()) return;
    const parsed = parseRxLine(line);
    if (!parsed.ok) {
      setBad(parsed.message);
      return;
    }
    setBad(null);
    setLine("");
    onChange(parsed.value);
  };
  return (
    <fieldset className="eye">
      <legend className="section">{label}</legend>
      <div className="eye-cells">
        <PowerInput
          label={t("sphere")}
          quantity="sphere"
          value={eye.sphere}
          ghost={ghost?.sphere ?? null}
          onChange={(sphere) => onChange({ ...eye, sphere })}
        />
        <PowerInput
          label={t("cylinder")}
          quantity="cylinder"
          value={eye.cylinder}
          ghost={ghost?.cylinder ?? null}
          onChange={(cylinder) =>
            onChange({ ...eye, cylinder: cylinder === 0 ? null : cylinder, axis: cylinder ? eye.axis : null })
          }
        />
        <AxisInput
          label={t("axis")}
          value={eye.axis}
          ghost={ghost?.axis ?? null}
          onChange={(axis) => onChange({ ...eye, axis })}
        />
        <PowerInput
          label={t("add")}
          quantity="add"
          value={eye.add}
          ghost={ghost?.add ?? null}
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
  const save = () =>
    void add
      .act({
        patientId,
        r,
        l,
        bvd: bvd ? Math.round(Number(bvd) * 10) : null,
        issuedOn,
        expiresOn,
        prescriber,
        note: null,
      })
      .then(onClose)
      .catch(() => {});
  return (
    <Dialog
      title={t("addRx")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={add.busy} onClick={save}>
          {t("addRxDo")}
        </Button>
      }
    >
      <div className="stack">
        <EyeFields label={t("right")} eye={r} onChange={setR} />
        <EyeFields label={t("left")} eye={l} onChange={setL} />
        <div className="grid2">
          <DateInput label={t("issued")} value={issuedOn} onChange={setIssued} />
          <DateInput label={t("expires")} value={expiresOn} onChange={setExpires} />
          <TextInput label={t("prescriber")} value={prescriber} onChange={setPrescriber} />
          <TextInput label={t("bvd")} value={bvd} onChange={setBvd} inputMode="decimal" />
        </div>
        {add.error ? <Callout tone="stop">{add.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
