/** The powers of a prescription as a table; on a roll, which is too narrow for it, prism stands under its eye. */
import { type EyeRx, formatAxis, formatPower, type Rx } from "../../../../src-shared/optics/index.ts";
import { useT } from "../../../ui/index.ts";
import type { PaperSize } from "./paper-size.ts";

export function RxTable({ rx, size }: { rx: Rx; size: PaperSize }) {
  const t = useT("papers");
  const roll = size === "roll";
  const heads = ["sphere", "cylinder", "axis", ...(roll ? [] : ["prism"]), "add"];
  return (
    <table className="sheet-rx">
      <thead>
        <tr>
          <td />
          {heads.map((head) => (
            <th key={head} scope="col">
              {t(`rx.${head}`)}
            </th>
          ))}
        </tr>
      </thead>
      <EyeRow name={t("right")} eye={rx.r} roll={roll} />
      <EyeRow name={t("left")} eye={rx.l} roll={roll} />
    </table>
  );
}

const prism = (amount: number | null, base: string | null) =>
  amount ? `${(amount / 100).toFixed(2)}Δ ${base ?? ""}` : "";

function EyeRow({ name, eye, roll }: { name: string; eye: EyeRx; roll: boolean }) {
  const t = useT("papers");
  const stated = eye.sphere !== null;
  const prisms = [prism(eye.prism_h, eye.base_h), prism(eye.prism_v, eye.base_v)].filter(Boolean).join(", ");
  const under = roll && prisms !== "";
  return (
    <tbody>
      <tr>
        <th scope="row" rowSpan={under ? 2 : 1}>
          {name}
        </th>
        <td>{stated ? formatPower(eye.sphere as number, { zero: "Plano" }) : ""}</td>
        <td>{eye.cylinder ? formatPower(eye.cylinder) : stated ? "DS" : ""}</td>
        <td>{eye.cylinder && eye.axis !== null ? formatAxis(eye.axis) : ""}</td>
        {roll ? null : <td>{prisms}</td>}
        <td>{eye.add ? formatPower(eye.add) : ""}</td>
      </tr>
      {under ? (
        <tr>
          <td colSpan={4}>{t("rx.prismOf", { prism: prisms })}</td>
        </tr>
      ) : null}
    </tbody>
  );
}
