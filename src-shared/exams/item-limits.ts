/** What of an item of a list the limits rule out: powers of further pairs and trial lenses, pressures (domain §3.2). */
import {
  checkEye,
  checkLimit,
  type EyeRx,
  emptyEye,
  eyes,
  type LimitTables,
  measureLimits,
  type RxLimits,
} from "../optics/index.ts";
import type { FieldProblem } from "../sync/entity.ts";
import { figureProblem } from "./contact-lens.ts";

type Data = Readonly<Record<string, unknown>>;
/** The ranges that powers and measurements are held against. */
export type Ranges = Pick<LimitTables, "rx" | "measures">;

/** The limits of a written power that a contact lens has: those of contact lenses in place of those of glasses. */
export function trialLimits({ rx, measures }: Ranges): RxLimits {
  const { block, warn } = measures.quantities.cl_power;
  const power = { block, warn: [warn[0] ?? block[0], warn[1] ?? block[1]] as const };
  return { ...rx, sphere: { ...rx.sphere, ...power }, cylinder: { ...rx.cylinder, ...power } };
}

const size = (quantity: "cl_base_curve" | "cl_diameter") => {
  const [min, max] = measureLimits.quantities[quantity].block;
  return { kind: "number", unit: "mm", min, max, scale: 100, quantity } as const;
};
/** How the sizes of a contact lens are typed: by the limits of the practice, in hundredths of a millimetre. */
export const lensShapes = { base_curve: size("cl_base_curve"), diameter: size("cl_diameter") };

/** What is impossible about the figures of an item whose form is right, with the part that it is about; or null. */
export function itemLimitProblem(list: string, data: Data, ranges: Ranges): FieldProblem | null {
  switch (list) {
    case "pressure": {
      const found = checkLimit("iop", data.value as number, ranges.measures);
      return found?.severity === "block" ? { field: "value", message: found.message } : null;
    }
    case "specs":
      for (const side of eyes) {
        const problem = powerProblem(data[side] as Data, ranges.rx);
        if (problem) return { field: `${side}.${problem.field}`, message: problem.message };
      }
      return null;
    case "lens_trial":
      return (
        powerProblem({ sphere: data.sphere, cylinder: data.cylinder, axis: data.axis }, trialLimits(ranges)) ??
        figureProblem(
          { base_curve: data.base_curve as number | null, diameter: data.diameter as number | null },
          ranges.measures,
        )
      );
    default:
      return null;
  }
}

/** The first thing that no lens is, in the powers as they stand. */
function powerProblem(powers: Data, limits: RxLimits): FieldProblem | null {
  const found = checkEye({ ...emptyEye, ...powers } as EyeRx, limits).find(({ severity }) => severity === "block");
  return found ? { field: found.field, message: found.message } : null;
}
