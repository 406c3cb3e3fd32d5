/** What was typed: read as people write it, and corrected in the same fields. */
import { type ReactNode, useState } from "react";
import { formatMoney, parseMoney } from "../../../src-shared/money/money.ts";
import type { EyeRx } from "../../../src-shared/optics/index.ts";
import { AxisInput, DateInput, PowerInput, Rx, Select, TextInput, usePlace, useT } from "../../ui/index.ts";
import { choiceLabel, fieldLabel, type Typed, valueText } from "./fields.ts";

export type Edits = ReadonlyMap<string, unknown>;
export const editKey = ({ body, field }: Typed) => `${body}:${field}`;
const rowKey = ({ entity, row, body }: Typed) => `${entity}:${row}:${body}`;
const eyeField = /^[rl]_(sphere|cylinder|axis|prism_h|base_h|prism_v|base_v|add)$/;

/** Values of one row of the practice, such as one payment. */
function byRow(typed: readonly Typed[]): Typed[][] {
  return [...Map.groupBy(typed, rowKey).values()];
}

/** What a receipt says, and the card's own title. */
const onReceipt = ({ entity, field }: Typed) =>
  entity === "sale_line" || entity === "payment" || (entity === "sale" && ["number", "patient_id"].includes(field));

/** Everything that was typed, in groups of what belongs together. */
export function TypedValues({ typed }: { typed: readonly Typed[] }) {
  const sold = typed.some(({ entity }) => entity === "sale_line");
  const others = sold ? typed.filter((value) => !onReceipt(value)) : typed;
  return (
    <div className="typed-rows">
      {sold ? <Receipt typed={typed} /> : null}
      {byRow(others).map((values) => (
        <RowValues key={rowKey(values[0] as Typed)} values={values} />
      ))}
    </div>
  );
}

/** A sale as on its receipt: what was sold, what it came to, what was paid. */
function Receipt({ typed }: { typed: readonly Typed[] }) {
  const t = useT("sync");
  const place = usePlace();
  const of = (values: readonly Typed[], field: string) => values.find((value) => value.field === field);
  const text = (value: Typed | undefined) => (value ? valueText(value, value.value, place) : "");
  const number = (value: Typed | undefined) => (typeof value?.value === "number" ? value.value : 0);
  const lines = byRow(typed.filter(({ entity }) => entity === "sale_line"));
  const payments = byRow(typed.filter(({ entity }) => entity === "payment"));
  const total = lines.reduce((sum, values) => sum + number(of(values, "line_total")), 0);
  return (
    <section aria-label={t("entities.sale_line")}>
      <table className="values money">
        <tbody>
          {lines.map((values) => {
            const off = of(values, "discount");
            return (
              <tr key={rowKey(values[0] as Typed)}>
                <th scope="row">
                  {text(of(values, "description"))}
                  {off ? <span className="t3"> {t("off", { value: text(off) })}</span> : null}
                </th>
                <td>{text(of(values, "line_total"))}</td>
              </tr>
            );
          })}
          <tr className="total">
            <th scope="row">{t("total")}</th>
            <td>{formatMoney(total, place.currency)}</td>
          </tr>
          {payments.map((values) => (
            <tr key={rowKey(values[0] as Typed)}>
              <th scope="row">
                {t("paidBy", { tender: text(of(values, "tender")) })}
                {of(values, "reference") ? <span className="t3"> {text(of(values, "reference"))}</span> : null}
              </th>
              <td>{text(of(values, "amount"))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function RowValues({ values }: { values: readonly Typed[] }) {
  const t = useT("sync");
  const place = usePlace();
  const { entity, op } = values[0] as Typed;
  const written = op === "insert" ? values.filter(({ field }) => eyeField.test(field)) : [];
  const others = values.filter((value) => !written.includes(value));
  const replaces = others.some(({ op: how, now, value }) => how === "patch" && now !== value);
  const eye = (side: string) =>
    Object.fromEntries(
      ["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add"].map((name) => [
        name,
        written.find(({ field }) => field === `${side}_${name}`)?.value ?? null,
      ]),
    ) as unknown as EyeRx;
  return (
    <section aria-label={t(`entities.${entity}`)}>
      <h4 className="label">{t(`entities.${entity}`)}</h4>
      {written.length > 0 ? <Rx r={eye("r")} l={eye("l")} size="s" /> : null}
      {others.length > 0 ? (
        <table className="values">
          {replaces ? (
            <thead>
              <tr>
                <td />
                <th scope="col">{t("typed")}</th>
                <th scope="col">{t("standsNow")}</th>
              </tr>
            </thead>
          ) : null}
          <tbody>
            {others.map((value) => (
              <tr key={editKey(value)}>
                <th scope="row">{fieldLabel(value.entity, value.field)}</th>
                <td>
                  <b>{value.name ?? valueText(value, value.value, place)}</b>
                </td>
                {replaces ? <td className="t2">{valueText(value, value.now, place)}</td> : null}
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
}

/** The fields of what was typed that may be corrected, each beside what stood there. */
export function EditValues({
  typed,
  edits,
  onChange,
}: {
  typed: readonly Typed[];
  edits: Edits;
  onChange: (value: Typed, next: unknown) => void;
}) {
  const t = useT("sync");
  const place = usePlace();
  const editable = byRow(typed)
    .map((values) => values.filter(({ editable: may }) => may))
    .filter((values) => values.length > 0);
  return (
    <div className="typed-rows">
      {editable.map((values) => {
        const { entity } = values[0] as Typed;
        return (
          <section key={rowKey(values[0] as Typed)} aria-label={t(`entities.${entity}`)}>
            <h3 className="section">{t(`entities.${entity}`)}</h3>
            <div className="edit-grid">
              {values.map((value) => {
                const key = editKey(value);
                const changed = edits.has(key);
                return (
                  <div key={key} className={changed ? "changed" : ""}>
                    <ValueInput
                      value={value}
                      current={changed ? edits.get(key) : value.value}
                      onChange={(next) => onChange(value, next)}
                    />
                    {changed ? (
                      <p className="small t3">{t("was", { value: valueText(value, value.value, place) })}</p>
                    ) : null}
                  </div>
                );
              })}
            </div>
          </section>
        );
      })}
    </div>
  );
}

function ValueInput({
  value,
  current,
  onChange,
}: {
  value: Typed;
  current: unknown;
  onChange: (next: unknown) => void;
}): ReactNode {
  const t = useT("sync");
  const { entity, field, form, nullable } = value;
  const label = fieldLabel(entity, field);
  const number = typeof current === "number" ? current : null;
  if (form.kind === "money") return <MoneyInput label={label} value={number} onChange={onChange} />;
  if (form.kind === "power") {
    const quantity = field.endsWith("add") ? "add" : field.endsWith("cylinder") ? "cylinder" : "sphere";
    return <PowerInput label={label} value={number} quantity={quantity} onChange={onChange} />;
  }
  if (field.endsWith("axis")) return <AxisInput label={label} value={number} onChange={onChange} />;
  if (form.kind === "number") return <WholeNumber label={label} value={number} form={form} onChange={onChange} />;
  if (form.kind === "date")
    return (
      <DateInput
        label={label}
        value={typeof current === "string" ? current : ""}
        onChange={(date) => onChange(date || null)}
        past={field === "date_of_birth"}
      />
    );
  if (form.kind === "yesno" || form.kind === "choice") {
    const values = form.kind === "choice" ? form.values : ["yes", "no"];
    const chosen = typeof current === "boolean" ? (current ? "yes" : "no") : String(current ?? "");
    return (
      <Select
        label={label}
        value={chosen}
        options={[
          ...(nullable ? [{ value: "", label: t("nothing") }] : []),
          ...values.map((option) => ({
            value: option,
            label: form.kind === "choice" ? choiceLabel(entity, field, option) : t(option),
          })),
        ]}
        onChange={(next) => onChange(next === "" ? null : form.kind === "choice" ? next : next === "yes")}
      />
    );
  }
  const text = typeof current === "string" ? current : "";
  const long = form.kind === "text" && form.max > 400;
  return (
    <TextInput
      label={label}
      value={text}
      {...(long ? { multiline: 3 } : {})}
      {...(form.kind === "text" ? { maxLength: form.max } : {})}
      onChange={(next) => onChange(next === "" && nullable ? null : next)}
    />
  );
}

function MoneyInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number | null;
  onChange: (next: number) => void;
}) {
  const { currency } = usePlace();
  const [text, setText] = useState(value === null ? "" : formatMoney(value, currency));
  const parsed = parseMoney(text);
  return (
    <TextInput
      label={label}
      value={text}
      inputMode="decimal"
      error={parsed.ok ? null : parsed.message}
      onChange={(next) => {
        setText(next);
        const amount = parseMoney(next);
        if (amount.ok) onChange(amount.value);
      }}
    />
  );
}

function WholeNumber({
  label,
  value,
  form,
  onChange,
}: {
  label: string;
  value: number | null;
  form: { readonly min: number; readonly max: number };
  onChange: (next: number | null) => void;
}) {
  const t = useT("sync");
  const [text, setText] = useState(value === null ? "" : String(value));
  const fits = (typed: string) =>
    /^-?\d+$/.test(typed.trim()) && Number(typed) >= form.min && Number(typed) <= form.max;
  return (
    <TextInput
      label={label}
      value={text}
      inputMode="numeric"
      error={text === "" || fits(text) ? null : t("wholeNumber", { min: form.min, max: form.max })}
      onChange={(next) => {
        setText(next);
        if (next === "") onChange(null);
        else if (fits(next)) onChange(Number(next));
      }}
    />
  );
}
