/** The fields of a patient as they are typed, in the order in which people say them. */
import type { ReactNode } from "react";
import { Checkbox, DateInput, Select, TextInput, useT } from "../../ui/index.ts";
import type { FormKey } from "./fields.ts";

export const emptyForm = {
  title: "",
  givenName: "",
  familyName: "",
  dateOfBirth: "",
  sex: "",
  phone: "",
  phoneOther: "",
  email: "",
  address: "",
  postcode: "",
  occupation: "",
  drives: false,
  sightImpaired: "",
  allergies: "",
  warning: "",
  needs: "",
  notes: "",
  doctor: "",
  healthNumber: "",
  recallOn: "",
  contactByText: true,
  contactByEmail: true,
} satisfies Record<FormKey, string | boolean>;
export type Form = {
  -readonly [K in keyof typeof emptyForm]: (typeof emptyForm)[K] extends boolean ? boolean : string;
};

/** What a command takes: a choice that nobody made is null, never an empty word. */
export function detailsOf(form: Partial<Form>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [
      name,
      (name === "sex" || name === "sightImpaired") && value === "" ? null : value,
    ]),
  );
}

/** `wrap` puts something beside a field, such as its history. */
export function PatientFields({
  form,
  set,
  wrap = (_, field) => field,
}: {
  form: Form;
  set: (form: Form) => void;
  wrap?: (name: FormKey, field: ReactNode) => ReactNode;
}) {
  const t = useT("patients");
  const change = (name: FormKey, value: string | boolean) => set({ ...form, [name]: value });
  const text = (name: FormKey, label: string, more: Record<string, unknown> = {}) => {
    const { wide, ...rest } = more;
    return (
      <div key={name} className={wide ? "wide" : ""}>
        {wrap(
          name,
          <TextInput
            label={t(label)}
            value={String(form[name])}
            onChange={(value) => change(name, value)}
            autoComplete="off"
            {...rest}
          />,
        )}
      </div>
    );
  };
  const choice = (name: FormKey, label: string, values: readonly string[], words: string) => (
    <div key={name}>
      {wrap(
        name,
        <Select
          label={t(label)}
          value={String(form[name])}
          onChange={(value) => change(name, value)}
          options={[
            { value: "", label: t("notSaid") },
            ...values.map((value) => ({ value, label: t(`${words}.${value}`) })),
          ]}
        />,
      )}
    </div>
  );
  const tick = (name: FormKey, label: string) => (
    <div key={name}>
      {wrap(
        name,
        <Checkbox label={t(label)} checked={Boolean(form[name])} onChange={(checked) => change(name, checked)} />,
      )}
    </div>
  );
  return (
    <div className="grid2">
      {text("givenName", "given", { autoFocus: true, required: true })}
      {text("familyName", "family", { required: true })}
      <div>
        {wrap(
          "dateOfBirth",
          <DateInput
            label={t("born")}
            value={form.dateOfBirth}
            onChange={(dateOfBirth) => change("dateOfBirth", dateOfBirth)}
            past
            required
          />,
        )}
      </div>
      {text("phone", "phone", { inputMode: "tel" })}
      {text("email", "email", { type: "email" })}
      {text("postcode", "postcode")}
      {text("address", "address", { wide: true, multiline: 2 })}
      {text("allergies", "allergies")}
      {text("warning", "warning")}
      {text("occupation", "occupation")}
      {text("needs", "needs", { hint: t("needsHint") })}
      {text("notes", "notes", { wide: true, multiline: 2 })}
      <div className="row g4 wide">
        {tick("drives", "drives")}
        {tick("contactByText", "byText")}
        {tick("contactByEmail", "byEmail")}
      </div>
      {text("title", "titleField")}
      {text("phoneOther", "phoneOther", { inputMode: "tel" })}
      {choice("sex", "sex", ["female", "male", "other"], "sexes")}
      {choice("sightImpaired", "sightImpaired", ["SI", "SSI"], "impaired")}
      {text("doctor", "doctor")}
      {text("healthNumber", "healthNumber", { inputMode: "numeric" })}
      <div>
        {wrap(
          "recallOn",
          <DateInput
            label={t("recallStated")}
            value={form.recallOn}
            onChange={(recallOn) => change("recallOn", recallOn)}
          />,
        )}
      </div>
    </div>
  );
}
