/**
 * What an exam consists of, in the order in which it runs (domain §6.3). A field is a key, so that a practice can hide
 * it, another device can fill in the next one, and a record stays readable when the list grows. Reason, history, the
 * prescription given, advice and outcome are columns of the exam, since rules read them; everything else is an entry.
 */
import type { ExamField, FieldEyes, FieldShape } from "./field.ts";

export const sectionKeys = [
  "history",
  "specs",
  "vision",
  "binocular",
  "keratometry",
  "objective",
  "subjective",
  "near",
  "contact_lenses",
  "anterior",
  "pressure",
  "posterior",
  "fields",
  "drops",
  "diagnosis",
  "outcome",
  "handover",
] as const;
export type BuiltInSection = (typeof sectionKeys)[number];
/** A section of the practice's own is called `own_` and up to 32 letters and digits. */
export type SectionKey = BuiltInSection | `own_${string}`;

const ownSection = /^own_[a-z0-9]{1,32}$/;
export function isSectionKey(key: string): key is SectionKey {
  return (sectionKeys as readonly string[]).includes(key) || ownSection.test(key);
}

type Declared = readonly [name: string, shape: FieldShape, eyes?: FieldEyes, normal?: unknown];

const text = (max = 400): FieldShape => ({ kind: "text", max });
const long = (max = 4000): FieldShape => ({ kind: "text", max, long: true });
const choice = (...options: string[]): FieldShape => ({ kind: "choice", options, free: true });
const only = (...options: string[]): FieldShape => ({ kind: "choice", options });
const many = (...options: string[]): FieldShape => ({ kind: "many", options, free: true });
const acuity: FieldShape = { kind: "acuity" };
const grade: FieldShape = { kind: "grade" };
const number = (
  unit: string,
  min: number,
  max: number,
  more: Partial<Pick<Extract<FieldShape, { kind: "number" }>, "scale" | "warn" | "quantity">> = {},
): FieldShape => ({ kind: "number", unit, min, max, ...more });

/** The cells of a written refraction; `.va` beside it where acuity belongs to it. */
const rx: readonly Declared[] = [
  ["sphere", { kind: "power", quantity: "sphere" }, "rl"],
  ["cylinder", { kind: "power", quantity: "cylinder" }, "rl"],
  ["axis", { kind: "axis" }, "rl"],
  ["add", { kind: "power", quantity: "add" }, "rl"],
  ["prism_h", { kind: "prism", way: "horizontal" }, "rl"],
  ["base_h", { kind: "base", options: ["in", "out"] }, "rl"],
  ["prism_v", { kind: "prism", way: "vertical" }, "rl"],
  ["base_v", { kind: "base", options: ["up", "down"] }, "rl"],
];

/** Radii in hundredths of a millimetre. */
const radius = number("mm", 500, 1200, { scale: 100, quantity: "k_radius" });
const axis: FieldShape = { kind: "axis" };

const declared: Readonly<Record<BuiltInSection, readonly Declared[]>> = {
  history: [
    [
      "symptoms",
      many(
        "no_symptoms",
        "blur_distance",
        "blur_near",
        "headache",
        "double_vision",
        "flashes",
        "floaters",
        "pain",
        "redness",
        "dryness",
        "watering",
        "itching",
        "glare",
        "loss_of_vision",
      ),
    ],
    ["onset", text(200)],
    ["ocular", long(2000), "none", "none_known"],
    ["general", long(2000), "none", "good"],
    ["medication", long(2000), "none", "none"],
    ["allergies", text(1000), "none", "none_known"],
    [
      "family",
      many("none_known", "glaucoma", "macular_degeneration", "diabetes", "squint", "retinal_detachment", "keratoconus"),
      "none",
      ["none_known"],
    ],
    ["family_note", text(1000)],
    ["smoking", only("never", "former", "current")],
    ["tasks", text(1000)],
    ["screen_hours", number("h", 0, 24)],
    ["driving", only("does_not_drive", "without_glasses", "with_glasses", "professional")],
    ["last_test", { kind: "date" }],
    ["first_test", { kind: "yes_no" }],
  ],
  specs: [
    ["use", choice("distance", "reading", "varifocal", "bifocal", "office", "sun", "no_glasses")],
    ...rx,
    ["va", acuity, "rl"],
    ["age_months", number("months", 0, 600)],
    ["note", text()],
  ],
  vision: [
    ["unaided", acuity, "rlb"],
    ["own", acuity, "rlb"],
    ["pinhole", acuity, "rl"],
    ["near_unaided", acuity, "rlb"],
    ["near_own", acuity, "rlb"],
    ["chart", choice("snellen", "logmar", "kay_pictures", "cardiff", "crowded_letters")],
    ["note", text()],
  ],
  binocular: [
    ["pupils", text(), "none", "equal_round_reactive"],
    ["rapd", only("none", "right", "left"), "none", "none"],
    ["motility", text(), "none", "full"],
    ["cover_distance", text(), "none", "no_movement"],
    ["cover_near", text(), "none", "no_movement"],
    ["convergence", number("cm", 0, 60, { warn: [0, 10] })],
    ["fixation_disparity", text()],
    ["stereopsis", number("″", 5, 3600)],
    ["stereo_test", choice("tno", "titmus", "frisby", "lang")],
    ["dominant_eye", only("right", "left")],
    ["colour_test", choice("ishihara", "city_university")],
    ["accommodation", number("D", 0, 20_000, { scale: 1000 }), "rl"],
    ["colour", text(), "rl", "normal"],
    ["note", text()],
  ],
  keratometry: [
    ["k1", radius, "rl"],
    ["k1_axis", axis, "rl"],
    ["k2", radius, "rl"],
    ["k2_axis", axis, "rl"],
    ["method", choice("autokeratometer", "keratometer", "topographer")],
  ],
  objective: [
    ["method", choice("autorefractor", "retinoscopy", "cycloplegic_retinoscopy")],
    ...rx.slice(0, 3),
    ["va", acuity, "rl"],
  ],
  subjective: [
    ...rx,
    // The prescription that is given takes it over, and has no more room.
    ["va", { kind: "acuity", max: 16 }, "rlb"],
    ["pinhole", acuity, "rl"],
    ["balance", text(), "none", "balanced"],
    ["note", text()],
  ],
  near: [
    ["va", acuity, "rlb"],
    ["distance", number("cm", 10, 100, { warn: [25, 60] })],
    ["range", text(80)],
    ["inter_add", { kind: "power", quantity: "add" }, "rl"],
    ["note", text()],
  ],
  contact_lenses: [
    ["wear", only("none", "daily", "two_weekly", "monthly", "rigid", "extended")],
    ["hours", number("h", 0, 24)],
    ["worn_today", number("h", 0, 24)],
    ["days", number("", 0, 7)],
    ["lens_age", text(60)],
    ["comfort", number("", 0, 10)],
    ["solution", text(200)],
    ["compliance", text(), "none", "good"],
    ["lens", { kind: "lens" }, "rl"],
    ["over_refraction", { kind: "text", max: 60, refraction: true }, "rl"],
    ["va", acuity, "rlb"],
    ["fit", text(), "rl", "centred_moving"],
    ["schedule", text(200)],
    ["expiry_months", number("months", 1, 24, { quantity: "cl_months" })],
    ["advice", long(2000)],
  ],
  anterior: [
    ["method", choice("slit_lamp", "loupe")],
    ["scale", choice("efron", "cclru")],
    ["lids", text(), "rl", "clear"],
    ["lid_margins", grade, "rl"],
    ["conjunctiva", text(), "rl", "clear"],
    ["bulbar_redness", grade, "rl"],
    ["limbal_redness", grade, "rl"],
    ["palpebral", grade, "rl"],
    ["cornea", text(), "rl", "clear"],
    ["staining", grade, "rl"],
    ["vascularisation", grade, "rl"],
    ["tears", text(), "rl", "clear"],
    ["break_up", number("s", 0, 60, { warn: [10, 60] }), "rl"],
    ["chamber", text(), "rl", "deep_quiet"],
    ["van_herick", choice("0", "1", "2", "3", "4"), "rl"],
    ["iris", text(), "rl", "clear"],
    ["lens", text(), "rl", "clear"],
    ["note", text(1000)],
  ],
  pressure: [
    ["thickness", number("µm", 300, 800), "rl"],
    ["note", text()],
  ],
  posterior: [
    ["method", choice("volk", "direct", "fundus_photograph", "oct", "headset_indirect")],
    ["pupil", only("undilated", "dilated")],
    ["media", text(), "rl", "clear"],
    ["cd_ratio", number("", 0, 100, { scale: 100, warn: [0, 65] }), "rl"],
    ["disc", text(), "rl", "healthy_rim"],
    ["macula", text(), "rl", "flat_reflex"],
    ["vessels", text(), "rl", "healthy"],
    ["periphery", text(), "rl", "flat_intact"],
    ["amsler", text(), "rl"],
    ["note", text(1000)],
  ],
  fields: [
    ["method", choice("humphrey", "henson", "confrontation", "fdt")],
    ["programme", text(100)],
    ["result", text(), "rl", "full"],
    ["reliability", text(200), "rl"],
    ["imaging", text(1000)],
  ],
  drops: [["warned", { kind: "yes_no" }]],
  diagnosis: [
    ["driving_standard", only("met_unaided", "met_corrected", "not_met_told")],
    ["leaflets", text(400)],
    ["note", long(2000)],
  ],
  outcome: [["early_note", text()]],
  handover: [
    [
      "lens_types",
      many("single_vision", "reading", "varifocal", "bifocal", "office", "sports", "myopia_control", "sun"),
    ],
    ["coatings", many("anti_reflection", "hard", "blue_filter", "photochromic", "polarised", "tint", "hydrophobic")],
    ["coating_reasons", text()],
    ["tasks", text()],
    ["cautions", text()],
    ["urgency", only("routine", "soon", "urgent", "emergency")],
    ["collector", text(200)],
    ["do_not_dispense", { kind: "yes_no" }],
  ],
};

export const examFieldsBySection: Readonly<Record<BuiltInSection, readonly ExamField[]>> = Object.fromEntries(
  sectionKeys.map((section) => [
    section,
    declared[section].map(
      ([name, shape, eyes = "none", normal]): ExamField => ({
        key: `${section}.${name}`,
        section,
        shape,
        eyes,
        ...(normal === undefined ? {} : { normal }),
      }),
    ),
  ]),
) as unknown as Record<BuiltInSection, readonly ExamField[]>;

const byKey = new Map(
  sectionKeys.flatMap((section) => examFieldsBySection[section]).map((field) => [field.key, field]),
);
const behind = /^(.+)\.([rlb])$/;

export interface NamedEntry {
  readonly field: ExamField;
  readonly eye: "r" | "l" | "b" | null;
}

/** What an entry's key names: a field and, where it is asked per eye, which. Null for a key that no field has. */
export function entryOf(key: string): NamedEntry | null {
  const plain = byKey.get(key);
  if (plain) return plain.eyes === "none" ? { field: plain, eye: null } : null;
  const [, base = "", eye = ""] = behind.exec(key) ?? [];
  const field = byKey.get(base);
  if (!field || field.eyes === "none" || (eye === "b" && field.eyes === "rl")) return null;
  return { field, eye: eye as "r" | "l" | "b" };
}

/** The keys under which a field's values stand. */
export function keysOf(field: ExamField): readonly string[] {
  if (field.eyes === "none") return [field.key];
  return (field.eyes === "rl" ? (["r", "l"] as const) : (["r", "l", "b"] as const)).map((eye) => `${field.key}.${eye}`);
}
