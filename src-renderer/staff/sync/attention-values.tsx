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

/** Everything that was typed, in groups of what belongs together. */
export function TypedValues({ typed }: { typed: readonly Typed[] }) {
  const lines = typed.filter(({ entity }) => entity === "sale_line");
  return (
    <div className="typed-rows">
      {lines.length > 0 ? <SaleLines rows={byRow(lines)} /> : null}
      {byRow(typed.filter(({ entity }) => entity !== "sale_line")).map((values) => (
        <RowValues key={rowKey(values[0] as Typed)} values={values} />
      ))}
    </div>
  );
}

/** The lines of a sale as on its receipt: what, and what it cost. */
function SaleLines({ rows }: { rows: readonly Typed[][] }) {
  const t = useT("sync");
  const place = usePlace();
  const of = (values: readonly Typed[], field: string) => values.find((value) => value.field === field);
  return (
    <section aria-label={t("entities.sale_line")}>
      <h3 className="label">{t("entities.sale_line")}</h3>
      <table className="values">
        <tbody>
          {rows.map((values) => {
            const total = of(values, "line_total");
            const off = of(values, "discount");
            return (
              <tr key={rowKey(values[0] as Typed)}>
                <th scope="row">{String(of(values, "description")?.value ?? "")}</th>
                <td>
                  <b>{total ? valueText(total, total.value, place) : ""}</b>
                  {off ? <span className="t3"> {t("off", { value: valueText(off, off.value, place) })}</span> : null}
                </td>
              </tr>
            );
          })}
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
  const eye = (side: string) =>
    Object.fromEntries(
      ["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add"].map((name) => [
        name,
        written.find(({ field }) => field === `${side}_${name}`)?.value ?? null,
      ]),
    ) as unknown as EyeRx;
  return (
    <section aria-label={t(`entities.${entity}`)}>
      <h3 className="label">{t(`entities.${entity}`)}</h3>
      {written.length > 0 ? <Rx r={eye("r")} l={eye("l")} size="s" /> : null}
      {others.length > 0 ? (
        <table className="values">
          <tbody>
            {others.map((value) => {
              const replaces = value.op === "patch" && value.now !== value.value;
              return (
                <tr key={editKey(value)}>
                  <th scope="row">{fieldLabel(value.entity, value.field)}</th>
                  <td>
                    <b>{value.name ?? valueText(value, value.value, place)}</b>
                    {replaces ? (
                      <span className="t3"> {t("standsNow", { value: valueText(value, value.now, place) })}</span>
                    ) : null}
                  </td>
                </tr>
              );
            })}
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
            <h3 className="label">{t(`entities.${entity}`)}</h3>
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
