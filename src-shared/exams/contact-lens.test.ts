import { describe, expect, test } from "vitest";
import { builtInTables } from "../optics/index.ts";
import { checkLens, lookAtLens } from "./contact-lens.ts";

const lens = { brand: "Biofinity", base_curve: 860, diameter: 1_400, sphere: -3_000, cylinder: -750, axis: 180 };

describe("a specification", () => {
  test.each([
    [{ base_curve: 590 }, "Base curve is outside 6 to 10 mm."],
    [{ diameter: 2_600 }, "Diameter is outside 8 to 25 mm."],
    [{ sphere: 40_250 }, "Contact lens power is outside \u221240 to 40 D."],
    [{ cylinder: -41_000 }, "Contact lens power is outside \u221240 to 40 D."],
    [{ sphere: -3_100 }, "A power is in steps of 0.25 or 0.125."],
    [{ axis: null }, "The cylinder needs its axis."],
    [{ brand: "" }, "Name the lens."],
  ])("cannot say %o", (part, message) => {
    expect(checkLens({ ...lens, ...part })).toBe(message);
  });

  test("may say an eighth, and keeps the practice's own limits", () => {
    expect(checkLens({ ...lens, sphere: -3_125 })).toBeNull();
    const { measures } = builtInTables;
    const quantities = {
      ...measures.quantities,
      cl_power: { ...measures.quantities.cl_power, block: [-20_000, 20_000] as const },
    };
    expect(checkLens({ ...lens, sphere: -25_000 })).toBeNull();
    expect(checkLens({ ...lens, sphere: -25_000 }, { ...measures, quantities })).not.toBeNull();
  });
});

describe("what is looked at", () => {
  const look = (part: Parameters<typeof lookAtLens>[0], said: object, rigid = false, tables = builtInTables) =>
    lookAtLens(part, { ...lens, ...said }, rigid, tables);

  test("the sizes that soft lenses have, of a soft lens only", () => {
    expect(look("base_curve", {})).toBeNull();
    expect(look("base_curve", { base_curve: 780 })).toBe("Base curve of a soft lens is usually 8.3 to 9 mm.");
    expect(look("base_curve", { base_curve: 780 }, true)).toBeNull();
    expect(look("diameter", { diameter: 960 }, true)).toBeNull();
    expect(look("diameter", { diameter: 1_425 })).toBe("Diameter is usually in steps of 0.1 mm.");
  });

  test("the steps and the range that they are made in, as the practice keeps them", () => {
    expect(look("sphere", { sphere: -6_250 })).toBe("This sphere comes in steps of 0.50.");
    expect(look("sphere", { sphere: -3_125 })).toBe("This sphere comes in steps of 0.25.");
    expect(look("sphere", { sphere: -6_250 }, true)).toBeNull();
    expect(look("cylinder", { cylinder: -1_000 })).toBe("This cylinder is not in the range.");
    expect(look("axis", { axis: 175 })).toBe("Axes come in steps of 10°.");
    const own = {
      ...builtInTables,
      contact_lenses: { ...builtInTables.contact_lenses, cylinders: [-1_000], axisStep: 5 },
    };
    expect(look("cylinder", { cylinder: -1_000 }, false, own)).toBeNull();
    expect(look("axis", { axis: 175 }, false, own)).toBeNull();
  });
});
