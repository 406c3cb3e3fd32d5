/** What the tables hold, by what it is about: which number stands in which column, and in which unit it is read. */
import type { LimitTable, MeasureQuantity } from "../../../src-shared/optics/index.ts";
import { type Figure, figures } from "./figures.ts";

type Ends = readonly [from: string | null, to: string | null];

export interface LimitRow {
  /** Its name is the text `rows.<id>`. */
  readonly id: string;
  readonly table: LimitTable;
  /** The part of the table that has a source of its own; empty for the whole table. */
  readonly part: string;
  readonly figure: Figure;
  /** Paths of what is possible and what is usual; null where an end is fixed or never set. */
  readonly possible?: Ends;
  readonly usual?: Ends;
  /** A number that is no range. */
  readonly single?: string;
  readonly step?: string;
  /** An end may be left open. */
  readonly open?: boolean;
}

const measure = (quantity: MeasureQuantity, figure: Figure): LimitRow => {
  const part = `quantities.${quantity}`;
  return {
    id: quantity,
    table: "measures",
    part,
    figure,
    possible: [`${part}.block.0`, `${part}.block.1`],
    usual: [`${part}.warn.0`, `${part}.warn.1`],
    step: `${part}.step`,
    open: true,
  };
};
const power = (quantity: "sphere" | "cylinder" | "add"): LimitRow => ({
  id: quantity,
  table: "rx",
  part: "",
  figure: figures.signedPower,
  possible: [`${quantity}.block.0`, `${quantity}.block.1`],
  usual: [`${quantity}.warn.0`, `${quantity}.warn.1`],
  step: `${quantity}.step`,
});
const ends = (id: string, table: LimitTable, figure: Figure, columns: Partial<LimitRow>, part = ""): LimitRow => ({
  id,
  table,
  part,
  figure,
  ...columns,
});
/** A number that is no range: its path in the table. */
const single = (table: LimitTable, path: string, figure: Figure, part = ""): LimitRow => ({
  id: path.replaceAll(".", "_"),
  table,
  part,
  figure,
  single: path,
});
const pair = (name: string, figure: Figure): LimitRow => single("measures", `pairs.${name}`, figure, "pairs");
/** What is typed on a paper's scale, not stepped to. */
const stepless = ({ step: _, ...row }: LimitRow): LimitRow => row;

/** What is usual of some only; what is possible of all stands in the row above. */
const usually = ({ step: _, possible: __, ...row }: LimitRow): LimitRow => row;

const limitGroups = {
  prescription: [
    power("sphere"),
    power("cylinder"),
    power("add"),
    ends("prism", "rx", figures.prism, { possible: [null, "prism.most"], step: "prism.step" }),
    ends("prism_h", "rx", figures.prism, { usual: [null, "prism.warnAboveHorizontal"] }),
    ends("prism_v", "rx", figures.prism, { usual: [null, "prism.warnAboveVertical"] }),
    ends("prism_one", "rx", figures.prism, { usual: [null, "prism.splitAbove"] }),
    ends("addFromAge", "rx", figures.years, { single: "addFromAge" }),
  ],
  vertex: [
    measure("bvd", figures.mm),
    single("vertex", "offerFrom", figures.power),
    single("vertex", "recordFrom", figures.power),
  ],
  eyes: [
    single("near", "below", figures.mm),
    single("near", "verticalAbove", figures.prism),
    single("near", "anisometropiaFrom", figures.power),
  ],
  pressure: [
    stepless(measure("iop", figures.pressure)),
    pair("iopDifference", figures.pressure),
    pair("nctReadings", figures.count),
  ],
  cornea: [measure("k_radius", figures.fineMm), pair("kAxes", figures.degrees)],
  acuity: [
    single("acuity", "usualTo", figures.logmar),
    single("acuity", "dropLines", figures.count),
    single("acuity", "earlyRecallBelow", figures.logmar),
  ],
  contact_lenses: [
    measure("cl_base_curve", figures.fineMm),
    usually(measure("cl_base_curve_soft", figures.fineMm)),
    measure("cl_diameter", figures.fineMm),
    usually(measure("cl_diameter_soft", figures.fineMm)),
    stepless(measure("cl_power", figures.signedPower)),
    single("contact_lenses", "fineTo", figures.power),
    single("contact_lenses", "fineStep", figures.power),
    single("contact_lenses", "coarseStep", figures.power),
    single("contact_lenses", "cylinders", figures.signedPower),
    single("contact_lenses", "axisStep", figures.degrees),
  ],
  change: [
    single("change", "sphereAbove", figures.power),
    single("change", "addAbove", figures.power),
    single("change", "axisAbove.0.degrees", figures.degrees),
    single("change", "axisAbove.1.cylinderFrom", figures.power),
    single("change", "axisAbove.1.degrees", figures.degrees),
  ],
  validity: [stepless(measure("rx_months", figures.months)), stepless(measure("cl_months", figures.months))],
} as const satisfies Record<string, readonly LimitRow[]>;
export type LimitGroup = keyof typeof limitGroups;
export const groupNames = Object.keys(limitGroups) as readonly LimitGroup[];

export function rowsOf(group: LimitGroup): readonly LimitRow[] {
  return limitGroups[group];
}

type Column = "possibleFrom" | "possibleTo" | "usualFrom" | "usualTo" | "single" | "step";

/** The numbers of a row in the order in which they stand, by their paths in the table. */
export function cellsOf({ possible, usual, single: alone, step }: LimitRow): { column: Column; path: string }[] {
  const cells: [Column, string | null | undefined][] = [
    ["possibleFrom", possible?.[0]],
    ["possibleTo", possible?.[1]],
    ["usualFrom", usual?.[0]],
    ["usualTo", usual?.[1]],
    ["single", alone],
    ["step", step],
  ];
  return cells.flatMap(([column, path]) => (path ? [{ column, path }] : []));
}

/** The tables that a group shows numbers of. */
export function tablesIn(group: LimitGroup): readonly LimitTable[] {
  return [...new Set(rowsOf(group).map(({ table }) => table))];
}
