import { useState } from "react";
import { type Input, useAct, useLive } from "../../api/index.ts";
import { Button, Callout, Dialog, dateText, everythingRead, useShortcuts, useT } from "../../ui/index.ts";
import type { Summary } from "./entry.ts";
import { type FormKey, fields } from "./fields.ts";
import { detailsOf, emptyForm, type Form, PatientFields } from "./form.tsx";
import { WithHistory } from "./history.tsx";
import { enterMovesOn, Unfinished, useUnfinished } from "./unfinished.tsx";

const capital = (word: string) => word.charAt(0).toLocaleUpperCase("en-GB") + word.slice(1);

/** A new patient; people like them appear while typing, so that nobody is registered twice. */
export function RegisterPatient({
  initial = "",
  onClose,
  onDone,
}: {
  initial?: string;
  onClose: () => void;
  onDone: (id: string) => void;
}) {
  const t = useT("patients");
  const register = useAct("patients.register");
  // Searched for as people do, family name first; nobody writes capitals while searching.
  const [family = "", ...given] = /\d/.test(initial) ? [] : initial.trim().split(/\s+/).map(capital);
  const [empty] = useState<Form>({ ...emptyForm, givenName: given.join(" "), familyName: family });
  const [form, setForm] = useState<Form>(empty);
  const { offered, taken, finish } = useUnfinished("register", changesOf(form, empty));
  const done = (id: string) => {
    finish();
    onDone(id);
  };
  const submit = async () => {
    if (!everythingRead()) return;
    const { id } = await register.act(detailsOf(form) as Input<"patients.register">);
    done(id);
  };
  return (
    <Dialog
      title={t("register")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Ctrl Enter" busy={register.busy} onClick={() => void submit().catch(() => {})}>
          {t("registerDo")}
        </Button>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) void submit().catch(() => {});
          enterMovesOn(event);
        }}
      >
        <Unfinished
          offered={offered}
          take={(typed) => {
            setForm({ ...form, ...typed });
            taken();
          }}
        />
        <PatientFields form={form} set={setForm} />
        <div className="likethese stack">
          <LikeThese form={form} take={done} />
          {register.error ? <Callout tone="stop">{register.error.message}</Callout> : null}
        </div>
      </form>
    </Dialog>
  );
}

/** Who is here already and may be the same person, and why; the first is taken instead by a key. */
function LikeThese({ form, take }: { form: Form; take: (id: string) => void }) {
  const t = useT("patients");
  const telling = form.phone.replace(/\D/g, "").length >= 6 || form.email.includes("@");
  const enabled =
    telling ||
    (form.familyName.length > 1 && form.givenName !== "" && (form.dateOfBirth !== "" || form.postcode.length > 4));
  const same = useLive(
    "patients.duplicates",
    {
      givenName: form.givenName,
      familyName: form.familyName,
      dateOfBirth: form.dateOfBirth,
      phone: form.phone || null,
      email: form.email || null,
      postcode: form.postcode || null,
      healthNumber: form.healthNumber || null,
    },
    { enabled },
  );
  const found = enabled ? (same.data?.patients ?? []) : [];
  const [first] = found;
  useShortcuts(first ? [{ keys: "Alt+O", label: t("takeThem"), group: t("register"), run: () => take(first.id) }] : []);
  if (!first) return null;
  return (
    <Callout tone="look" title={t("duplicates")}>
      <ul className="stack">
        {found.map((patient) => (
          <li key={patient.id} className="row g3">
            <span className="grow">
              {patient.given_name} {patient.family_name}, {dateText(patient.date_of_birth)}, {patient.number}
              <span className="small t2 block">
                {patient.reasons.map((reason) => t(`reason.${reason}`)).join(", ")}
                {patient.found.id === patient.id
                  ? null
                  : `; ${t("formerly", {
                      who: `${patient.found.given_name} ${patient.found.family_name}, ${patient.found.number}`,
                    })}`}
              </span>
            </span>
            <Button size="s" {...(patient === first ? { keys: "Alt O" } : {})} onClick={() => take(patient.id)}>
              {t("takeThem")}
            </Button>
          </li>
        ))}
      </ul>
    </Callout>
  );
}

function changesOf(form: Form, before: Form): Partial<Form> {
  return Object.fromEntries(Object.entries(form).filter(([name, value]) => value !== before[name as FormKey]));
}

function formOf(patient: Summary["patient"]): Form {
  return Object.fromEntries(
    fields.map(({ column, form }) => [
      form,
      typeof emptyForm[form] === "boolean" ? Boolean(patient[column]) : (patient[column] ?? ""),
    ]),
  ) as unknown as Form;
}

export function EditPatient({ data, onClose }: { data: Summary; onClose: () => void }) {
  const t = useT("patients");
  const update = useAct("patients.update");
  // As it was when somebody began to type: what came meanwhile is not theirs to overwrite.
  const [before] = useState(() => formOf(data.patient));
  const [form, setForm] = useState<Form>(before);
  // Only what was changed travels: two people who edit different fields both win.
  const changed = changesOf(form, before);
  const { offered, taken, finish } = useUnfinished(data.patient.id, changed);
  const save = () =>
    everythingRead() &&
    void update
      .act({ id: data.patient.id, details: detailsOf(changed) })
      .then(() => {
        finish();
        onClose();
      })
      .catch(() => {});
  const columnOf = (name: FormKey) => fields.find(({ form: key }) => key === name)?.column ?? "notes";
  return (
    <Dialog
      title={t("edit")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Ctrl Enter" busy={update.busy} onClick={save}>
          {t("save")}
        </Button>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) save();
          enterMovesOn(event);
        }}
      >
        <Unfinished
          offered={offered}
          take={(typed) => {
            setForm({ ...form, ...typed });
            taken();
          }}
        />
        <PatientFields
          form={form}
          set={setForm}
          wrap={(name, field) => (
            <WithHistory
              column={columnOf(name)}
              changes={data.changes.filter(({ patient_id }) => patient_id === data.patient.id)}
              names={data.names}
              putBack={(value) =>
                setForm({ ...form, [name]: value ?? (typeof emptyForm[name] === "boolean" ? false : "") })
              }
            >
              {field}
            </WithHistory>
          )}
        />
        {update.error ? (
          <div className="likethese">
            <Callout tone="stop">{update.error.message}</Callout>
          </div>
        ) : null}
      </form>
    </Dialog>
  );
}
