import { useState } from "react";
import { useAct, useLive } from "../../api/index.ts";
import { Button, Callout, Checkbox, DateInput, Dialog, dateText, go, TextInput, useT } from "../../ui/index.ts";

const empty = {
  givenName: "",
  familyName: "",
  dateOfBirth: "",
  phone: "",
  email: "",
  address: "",
  postcode: "",
  occupation: "",
  allergies: "",
  warning: "",
  notes: "",
  drives: false,
  contactByText: true,
  contactByEmail: true,
};
type Form = typeof empty;

function Fields({ form, set }: { form: Form; set: (form: Form) => void }) {
  const t = useT("patients");
  const field = (name: keyof Form) => ({
    value: String(form[name]),
    onChange: (value: string) => set({ ...form, [name]: value }),
  });
  return (
    <div className="grid2">
      <TextInput label={t("given")} {...field("givenName")} autoFocus required autoComplete="off" />
      <TextInput label={t("family")} {...field("familyName")} required autoComplete="off" />
      <DateInput
        label={t("born")}
        value={form.dateOfBirth}
        onChange={(dateOfBirth) => set({ ...form, dateOfBirth })}
        required
      />
      <TextInput label={t("phone")} {...field("phone")} inputMode="tel" autoComplete="off" />
      <TextInput label={t("email")} {...field("email")} type="email" autoComplete="off" />
      <TextInput label={t("postcode")} {...field("postcode")} autoComplete="off" />
      <TextInput className="wide" label={t("address")} {...field("address")} autoComplete="off" />
      <TextInput label={t("occupation")} {...field("occupation")} autoComplete="off" />
      <TextInput label={t("allergies")} {...field("allergies")} autoComplete="off" />
      <TextInput label={t("warning")} {...field("warning")} autoComplete="off" />
      <TextInput label={t("notes")} {...field("notes")} autoComplete="off" />
      <span className="row g4 wide">
        <Checkbox label={t("drives")} checked={form.drives} onChange={(drives) => set({ ...form, drives })} />
        <Checkbox
          label={t("byText")}
          checked={form.contactByText}
          onChange={(contactByText) => set({ ...form, contactByText })}
        />
        <Checkbox
          label={t("byEmail")}
          checked={form.contactByEmail}
          onChange={(contactByEmail) => set({ ...form, contactByEmail })}
        />
      </span>
    </div>
  );
}

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
  const [form, setForm] = useState<Form>({ ...empty, givenName: given.join(" "), familyName: family });
  const known = form.familyName.length > 1 && form.dateOfBirth !== "";
  const same = useLive(
    "patients.duplicates",
    { familyName: form.familyName, dateOfBirth: form.dateOfBirth, phone: form.phone || null },
    { enabled: known },
  );
  const submit = async () => {
    const { id } = await register.act(form);
    onDone(id);
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
        }}
      >
        <Fields form={form} set={setForm} />
        {known && same.data?.patients.length ? (
          <Callout tone="look" title={t("duplicates")}>
            <ul className="stack">
              {same.data.patients.map((patient) => (
                <li key={patient.id} className="row g3">
                  <span className="grow">
                    {patient.given_name} {patient.family_name}, {dateText(patient.date_of_birth)}, {patient.number}
                  </span>
                  <Button size="s" onClick={() => go(`/patients/${patient.id}`)}>
                    {t("openThem")}
                  </Button>
                </li>
              ))}
            </ul>
          </Callout>
        ) : null}
        {register.error ? <Callout tone="stop">{register.error.message}</Callout> : null}
      </form>
    </Dialog>
  );
}

export interface EditablePatient {
  readonly id: string;
  readonly given_name: string;
  readonly family_name: string;
  readonly date_of_birth: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly postcode: string | null;
  readonly occupation: string | null;
  readonly allergies: string | null;
  readonly warning: string | null;
  readonly notes: string | null;
  readonly drives: number | null;
  readonly contact_by_text: number;
  readonly contact_by_email: number;
}
export function EditPatient({ patient, onClose }: { patient: EditablePatient; onClose: () => void }) {
  const t = useT("patients");
  const update = useAct("patients.update");
  const before: Form = {
    givenName: patient.given_name,
    familyName: patient.family_name,
    dateOfBirth: patient.date_of_birth,
    phone: patient.phone ?? "",
    email: patient.email ?? "",
    address: patient.address ?? "",
    postcode: patient.postcode ?? "",
    occupation: patient.occupation ?? "",
    allergies: patient.allergies ?? "",
    warning: patient.warning ?? "",
    notes: patient.notes ?? "",
    drives: Boolean(patient.drives),
    contactByText: Boolean(patient.contact_by_text),
    contactByEmail: Boolean(patient.contact_by_email),
  };
  const [form, setForm] = useState<Form>(before);
  // Only what was changed travels: two people who edit different fields both win.
  const changed = Object.fromEntries(
    Object.entries(form).filter(([name, value]) => value !== before[name as keyof Form]),
  );
  const save = () =>
    void update
      .act({ id: patient.id, details: changed })
      .then(onClose)
      .catch(() => {});
  return (
    <Dialog
      title={t("edit")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={update.busy} onClick={save}>
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
      >
        <Fields form={form} set={setForm} />
        {update.error ? <Callout tone="stop">{update.error.message}</Callout> : null}
      </form>
    </Dialog>
  );
}
