import { describe, expect, test } from "vitest";
import { type About, gapsOf, type Written } from "./completeness.ts";
import { sectionKeys } from "./sections.ts";

const about: About = {
  age: 67,
  warning: null,
  reachable: true,
  prescribed: false,
  recallOn: null,
  today: "2026-11-28",
  letters: 0,
};
const nothing: Written = {
  kind: "sight_test",
  columns: {},
  entries: {},
  items: [],
  about: { ...about, reachable: false },
};
const whats = (written: Written) => gapsOf(written).map(({ what }) => what);
/** A sight test as the College's list wants it (domain §4.1). */
const whole: Written = {
  kind: "sight_test",
  columns: {
    reason: "Routine",
    history: "None",
    r_sphere: 0,
    l_sphere: -250,
    outcome: "no_change",
    recall_months: 24,
    advice: "None",
  },
  entries: {
    "history.general": "good",
    "history.ocular": "none_known",
    "history.medication": "none",
    "history.family": ["none_known"],
    "history.tasks": "Retired, reads",
    "history.driving": "without_glasses",
    "history.last_test": "2024-10-02",
    "specs.sphere.r": 250,
    "vision.unaided.r": "6/6",
    "vision.unaided.l": "6/6",
    "binocular.cover_distance": "no_movement",
    "binocular.cover_near": "small exophoria",
    "subjective.va.r": "6/5",
    "subjective.va.l": "6/5",
    "anterior.lids.r": "clear",
    "anterior.lids.l": "clear",
    "posterior.disc.r": "healthy_rim",
    "posterior.macula.l": "flat_reflex",
  },
  items: [],
  about,
};
const withColumns = (columns: Record<string, unknown>): Written => ({
  ...whole,
  columns: { ...whole.columns, ...columns },
});
const withEntries = (entries: Record<string, unknown>): Written => ({
  ...whole,
  entries: { ...whole.entries, ...entries },
});
const knowing = (more: Partial<About>, written = whole): Written => ({ ...written, about: { ...about, ...more } });

describe("what the law expects of a record", () => {
  test("everything is missing from an empty sight test, each in a section that is there", () => {
    const gaps = gapsOf(nothing);
    expect(gaps.map(({ what }) => what)).toEqual([
      ...["contact", "reason", "history", "health", "medication", "family", "tasks", "driving", "last_test"],
      ...["previous_rx", "vision", "muscle_balance", "refraction", "acuity", "external", "internal"],
      ...["advice", "outcome", "recall"],
    ]);
    for (const { section } of gaps) expect(sectionKeys).toContain(section);
  });
  test("nothing is missing from a whole one", () => {
    expect(gapsOf(whole)).toEqual([]);
  });
  test.each(Object.keys(whole.columns))("the gap of %s opens when it is taken out", (column) => {
    expect(gapsOf(withColumns({ [column]: null }))).toHaveLength(1);
  });
  test.each(Object.keys(whole.entries))("and that of %s", (key) => {
    expect(gapsOf(withEntries({ [key]: null }))).toHaveLength(1);
  });
  test("how an eye was looked at is no finding; a note on what was found is one", () => {
    const entries = Object.fromEntries(Object.entries(whole.entries).filter(([key]) => !key.startsWith("posterior.")));
    const looked = {
      ...entries,
      "posterior.method": "volk",
      "posterior.amsler.r": "full",
      "posterior.amsler.l": "full",
    };
    expect(whats({ ...whole, entries: looked })).toEqual(["internal"]);
    expect(whats({ ...whole, entries: { ...looked, "posterior.note": "Both healthy" } })).toEqual([]);
  });
  test("symptoms that are ticked ask since when; no symptoms, or a history in words, do not", () => {
    const ticked = (symptoms: string[], columns = {}) =>
      whats({ ...withEntries({ "history.symptoms": symptoms }), columns: { ...whole.columns, ...columns } });
    expect(ticked(["headache"], { history: null })).toEqual(["onset"]);
    expect(ticked(["no_symptoms"], { history: null })).toEqual([]);
    expect(ticked(["headache"])).toEqual([]);
    const said = { "history.symptoms": ["headache"], "history.onset": "Two months" };
    expect(whats({ ...withEntries(said), columns: { ...whole.columns, history: null } })).toEqual([]);
  });
  test("who was never tested has no date of a last test, and who has no glasses says so", () => {
    const { "history.last_test": _, "specs.sphere.r": __, ...entries } = whole.entries;
    expect(whats({ ...whole, entries })).toEqual(["last_test", "previous_rx"]);
    const first = { ...entries, "history.first_test": true, "specs.use": "no_glasses" };
    expect(whats({ ...whole, entries: first })).toEqual([]);
    expect(whats(knowing({ prescribed: true }, { ...whole, entries }))).toEqual(["last_test"]);
  });
  test("a diagnosis is not yet advice; a leaflet is", () => {
    const diagnosis = { list: "diagnosis", data: { text: "Early cataract", eye: "b", certain: true } };
    const silent = { ...withColumns({ advice: null }), items: [diagnosis] };
    expect(whats(silent)).toEqual(["advice"]);
    expect(whats({ ...silent, entries: { ...whole.entries, "diagnosis.leaflets": "Cataract" } })).toEqual([]);
  });
  test("from five dioptres on the vertex distance belongs to the prescription", () => {
    const strong = { r_sphere: -4250, r_cylinder: -750, r_axis: 10 };
    expect(whats(withColumns(strong))).toEqual(["bvd"]);
    expect(whats(withColumns({ ...strong, bvd: 120 }))).toEqual([]);
  });
  test("a test that was declined with its reason is no gap", () => {
    const { "posterior.disc.r": _, ...entries } = whole.entries;
    const declined = { list: "declined", data: { test: "internal", reason: "Refused drops and light" } };
    expect(whats({ ...whole, entries })).toEqual(["internal"]);
    expect(whats({ ...whole, entries, items: [declined] })).toEqual([]);
  });
  test("nobody asks a child whether they drive", () => {
    const { "history.driving": _, ...entries } = whole.entries;
    const child = { ...knowing({ age: 9 }), kind: "child_test" as const, entries };
    expect(whats({ ...child, columns: { ...whole.columns, recall_months: 12 } })).toEqual([]);
  });
});

describe("a referral", () => {
  const referred = withColumns({ outcome: "refer" });
  test("without a letter is a gap, until one is written or somebody says why not", () => {
    expect(gapsOf(referred)).toEqual([{ section: "outcome", what: "referral" }]);
    expect(whats(knowing({ letters: 1 }, referred))).toEqual([]);
    const phoned = { list: "declined", data: { test: "referral", reason: "Phoned the eye casualty, seen today" } };
    expect(whats({ ...referred, items: [phoned] })).toEqual([]);
  });
  test.each(["extra_tests", "contact_lens_aftercare", "other"] as const)("is asked for after %s too", (kind) => {
    expect(whats({ ...referred, kind })).toEqual(["referral"]);
  });
});

describe("the recall (domain §4.3)", () => {
  test("sooner than its interval needs a reason", () => {
    expect(whats(withColumns({ recall_months: 12 }))).toEqual(["recall_reason"]);
    expect(whats(withColumns({ recall_months: 12, recall_reason: "Early cataract" }))).toEqual([]);
    expect(whats(knowing({ age: 71 }, withColumns({ recall_months: 12 })))).toEqual([]);
    const diabetic = withColumns({ recall_months: 12 });
    expect(whats({ ...diabetic, entries: { ...whole.entries, "history.general": "Type 2 diabetes" } })).toEqual([]);
  });
  test("a test before the last one's needs its code", () => {
    const early = knowing({ recallOn: "2027-03-01" });
    expect(whats(early)).toEqual(["early_code"]);
    expect(whats({ ...early, columns: { ...whole.columns, early_recall: "3.2" } })).toEqual([]);
    expect(whats(knowing({ recallOn: "2026-11-28" }))).toEqual([]);
  });
});

describe("contact lenses (domain §4.2)", () => {
  test("a visit for them is not asked for a refraction", () => {
    expect(whats({ ...nothing, kind: "contact_lens_aftercare" })).not.toContain("refraction");
  });
  test("a fitting ends with lenses, and whatever specifies lenses says when that ends", () => {
    expect(whats({ ...whole, kind: "contact_lens_fit" })).toEqual(["lens_spec"]);
    const specified = withEntries({ "contact_lenses.lens.r": { brand: "Lumia" } });
    for (const kind of ["contact_lens_fit", "sight_test"] as const)
      expect(whats({ ...specified, kind })).toEqual(["lens_expiry"]);
    const ends = { ...specified.entries, "contact_lenses.expiry_months": 12 };
    expect(whats({ ...specified, kind: "contact_lens_fit", entries: ends })).toEqual([]);
  });
});

test("an expected question of the practice's own is a gap until one of its eyes is answered", () => {
  const questions = [{ section: "own_myopia", keys: ["own_myopia.q1.r", "own_myopia.q1.l"] }];
  expect(gapsOf({ ...whole, questions })).toEqual([{ section: "own_myopia", what: "own_myopia.q1.r" }]);
  expect(gapsOf({ ...withEntries({ "own_myopia.q1.l": 0 }), questions })).toEqual([]);
});
