/** A prescription as the profession writes it: R above L; the one component that shows it everywhere. */
import { type EyeRx, formatAxis, formatPower, type Rx as RxType } from "../../src-shared/optics/index.ts";

const prismText = (amount: number | null, base: string | null) =>
  amount ? `${(amount / 100).toFixed(2)}\u00a0${base ?? ""}` : "";

function hasPrism(eye: EyeRx): boolean {
  return Boolean(eye.prism_h || eye.prism_v);
}
function change(now: number | null, before: number | null | undefined): { text: string; changed: boolean } | null {
  if (now === null || before === null || before === undefined) return null;
  return { text: formatPower(now - before), changed: now !== before };
}

/** How far an axis turned, the short way round. */
function turned(now: number | null, before: number | null): { text: string; changed: boolean } | null {
  if (now === null || before === null) return null;
  const by = ((now - before + 270) % 180) - 90;
  return { text: by === 0 ? "0" : `${by > 0 ? "+" : "−"}${Math.abs(by)}`, changed: by !== 0 };
}

const columnNames = ["sph", "cyl", "axis", "prism", "add"];

export function Rx({
  r,
  l,
  size = "m",
  previous,
  full,
}: {
  r: EyeRx;
  l: EyeRx;
  size?: "s" | "m";
  previous?: RxType | null;
  full?: boolean;
}) {
  const prism = full || hasPrism(r) || hasPrism(l);
  const row = (name: string, eye: EyeRx, before: EyeRx | undefined) => {
    const sphere = eye.sphere === null ? "" : formatPower(eye.sphere, { zero: "Plano" });
    const named = <T,>(values: readonly T[]) =>
      values.map((value, index) => ({
        column: (prism ? columnNames : columnNames.filter((column) => column !== "prism"))[index] ?? "",
        value,
      }));
    const cells = named([
      sphere,
      eye.cylinder ? formatPower(eye.cylinder) : eye.sphere === null ? "" : "DS",
      eye.cylinder && eye.axis !== null ? formatAxis(eye.axis) : "",
      ...(prism
        ? [[prismText(eye.prism_h, eye.base_h), prismText(eye.prism_v, eye.base_v)].filter(Boolean).join(" ")]
        : []),
      eye.add ? formatPower(eye.add) : "",
    ]).map(({ column, value }) => ({ column, text: value }));
    const deltas = named([
      change(eye.sphere, before?.sphere),
      eye.sphere === null ? null : change(eye.cylinder ?? 0, before ? (before.cylinder ?? 0) : undefined),
      eye.cylinder && before?.cylinder ? turned(eye.axis, before.axis) : null,
      ...(prism ? [null] : []),
      change(eye.add, before?.add),
    ]).map(({ column, value }) => ({ column, delta: value }));
    return (
      <tbody>
        <tr>
          <th scope="row" className="eye">
            {name}
          </th>
          {cells.map(({ column, text }) => (
            <td key={column} className={column}>
              {text}
            </td>
          ))}
        </tr>
        {before && deltas.some(({ delta }) => delta !== null) ? (
          <tr className="d">
            <td />
            {deltas.map(({ column, delta }) => (
              <td key={column} className={delta?.changed ? "ch" : ""}>
                {delta?.text ?? ""}
              </td>
            ))}
          </tr>
        ) : null}
      </tbody>
    );
  };
  return (
    <table className={`rxt ${size === "s" ? "s" : ""} ${prism ? "prisms" : ""}`}>
      <thead>
        <tr>
          <td />
          {["Sph", "Cyl", "Axis", ...(prism ? ["Prism, base"] : []), "Add"].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      {row("R", r, previous?.r)}
      {row("L", l, previous?.l)}
    </table>
  );
}
