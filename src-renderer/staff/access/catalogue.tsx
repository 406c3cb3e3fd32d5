import { useState } from "react";
import { productName } from "../../../src-shared/dispensing/pricing.ts";
import { parseMoney } from "../../../src-shared/money/money.ts";
import { type Output, useAct, useLive } from "../../api/index.ts";
import { Button, Callout, Checkbox, Chip, Dialog, Money, Select, TextInput, useT } from "../../ui/index.ts";

type Product = Output<"access.products">[number];
const kinds = ["frame", "lens", "coating", "accessory", "service"] as const;

export function Catalogue() {
  const t = useT("access");
  const products = useLive("access.products");
  const [editing, setEditing] = useState<Product | "new" | null>(null);
  return (
    <>
      <div className="pad row">
        <span className="push" />
        <Button variant="primary" onClick={() => setEditing("new")}>
          {t("newItem")}
        </Button>
      </div>
      <table className="tbl">
        <thead>
          <tr>
            <th>{t("name")}</th>
            <th>{t("kind")}</th>
            <th>{t("sku")}</th>
            <th className="num">{t("price")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {(products.data ?? []).map((item) => (
            <tr key={item.id}>
              <td>
                <b>{productName(item)}</b> {item.active ? null : <Chip>{t("off")}</Chip>}
              </td>
              <td>{t(`kinds.${item.kind}`)}</td>
              <td className="tab t2">{item.sku}</td>
              <td className="num">
                <Money minor={item.price} />
              </td>
              <td className="num">
                <Button size="s" onClick={() => setEditing(item)}>
                  {t("editItem")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {editing ? <EditProduct item={editing === "new" ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}

/** Numbers of a lens as people type them, in the units of the catalogue. */
const lensNumbers = [
  ["index", "index", 1000],
  ["lead_days", "lead", 1],
  ["sphere_min", "sphereMin", 1000],
  ["sphere_max", "sphereMax", 1000],
  ["cylinder_max", "cylMax", 1000],
] as const;
const frameNumbers = ["a", "b", "dbl", "side"] as const;

function EditProduct({ item, onClose }: { item: Product | null; onClose: () => void }) {
  const t = useT("access");
  const save = useAct("access.saveProduct");
  const details = item ? (JSON.parse(item.details) as Record<string, unknown>) : {};
  const [form, setForm] = useState({
    sku: item?.sku ?? "",
    kind: item?.kind ?? "frame",
    brand: item?.brand ?? "",
    name: item?.name ?? "",
    price: item ? (item.price / 100).toFixed(2) : "",
    vat: item ? String(item.vat_rate / 100) : "20",
    stocked: item ? Boolean(item.stocked) : true,
    active: item ? Boolean(item.active) : true,
    receive: "",
  });
  const [extra, setExtra] = useState<Record<string, string>>(() => ({
    design: String(details.design ?? "single_vision"),
    colour: String(details.colour ?? ""),
    ...Object.fromEntries(
      lensNumbers.map(([name, , unit]) => [
        name,
        typeof details[name] === "number" ? String((details[name] as number) / unit) : "",
      ]),
    ),
    ...Object.fromEntries(
      frameNumbers.map((name) => [
        name,
        typeof details[name] === "number" ? String((details[name] as number) / 10) : "",
      ]),
    ),
  }));
  const field = (name: "sku" | "brand" | "name" | "price" | "vat" | "receive") => ({
    value: form[name],
    onChange: (value: string) => setForm({ ...form, [name]: value }),
  });
  const more = (name: string) => ({
    value: extra[name] ?? "",
    onChange: (value: string) => setExtra({ ...extra, [name]: value }),
  });
  const price = parseMoney(form.price || "0");
  const built =
    form.kind === "lens"
      ? {
          ...details,
          design: extra.design,
          material: details.material ?? "",
          ...Object.fromEntries(
            lensNumbers.map(([name, , unit]) => [name, Math.round(Number(extra[name] || 0) * unit)]),
          ),
        }
      : form.kind === "frame"
        ? {
            ...details,
            colour: extra.colour,
            ...Object.fromEntries(frameNumbers.map((name) => [name, Math.round(Number(extra[name] || 0) * 10)])),
          }
        : details;
  const submit = () => {
    if (!price.ok) return;
    void save
      .act({
        id: item?.id ?? null,
        sku: form.sku,
        kind: form.kind,
        brand: form.brand || null,
        name: form.name,
        price: price.value,
        vatRate: Math.round(Number(form.vat) * 100),
        stocked: form.stocked,
        active: form.active,
        details: built,
        receive: Number(form.receive || 0),
      })
      .then(onClose)
      .catch(() => {});
  };
  return (
    <Dialog
      title={t(item ? "editItem" : "newItem")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={save.busy} onClick={submit}>
          {t("save")}
        </Button>
      }
    >
      <div className="stack">
        <div className="grid2">
          <Select
            label={t("kind")}
            value={form.kind}
            onChange={(kind) => setForm({ ...form, kind: kind as typeof form.kind })}
            options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          />
          <TextInput label={t("sku")} {...field("sku")} />
          <TextInput label={t("brand")} {...field("brand")} />
          <TextInput label={t("name")} {...field("name")} />
          <TextInput label={t("price")} {...field("price")} unit="£" error={price.ok ? null : price.message} />
          <TextInput label={t("vat")} {...field("vat")} />
          {form.kind === "lens" ? (
            <>
              <Select
                label={t("design")}
                value={extra.design ?? ""}
                onChange={(design) => setExtra({ ...extra, design })}
                options={["single_vision", "bifocal", "varifocal", "occupational"].map((value) => ({
                  value,
                  label: value.replaceAll("_", " "),
                }))}
              />
              {lensNumbers.map(([name, label]) => (
                <TextInput key={name} label={t(label)} {...more(name)} inputMode="decimal" />
              ))}
            </>
          ) : null}
          {form.kind === "frame"
            ? frameNumbers.map((name) => (
                <TextInput key={name} label={name.toUpperCase()} {...more(name)} unit="mm" inputMode="decimal" />
              ))
            : null}
          {form.stocked ? <TextInput label={t("receive")} {...field("receive")} inputMode="numeric" /> : null}
        </div>
        <span className="row g4">
          <Checkbox label={t("stocked")} checked={form.stocked} onChange={(stocked) => setForm({ ...form, stocked })} />
          <Checkbox label={t("sold")} checked={form.active} onChange={(active) => setForm({ ...form, active })} />
        </span>
        {save.error ? <Callout tone="stop">{save.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
