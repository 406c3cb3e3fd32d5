import { expect, test } from "vitest";
import * as optics from "./index.ts";

const tables = {
  rx: optics.rxLimits,
  vertex: optics.vertexLimits,
  near: optics.nearLimits,
  measures: optics.measureLimits,
  acuity: optics.acuityLimits,
  change: optics.changeLimits,
  "contact lenses": optics.softRange,
  fitting: optics.fittingLimits,
  materials: optics.materialTable,
};

test.each(Object.entries(tables))(
  "the %s can be kept as a setting, and say when and where they come from",
  (_of, table) => {
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
    expect(table.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(table.source).toMatch(/^domain: optics-dispensing-lab §3/);
  },
);
test("no table of limits is left out", () => {
  const dated = Object.values(optics).filter((value) => typeof value === "object" && value !== null && "date" in value);
  expect(dated).toHaveLength(Object.keys(tables).length);
});
