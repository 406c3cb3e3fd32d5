/** Invented frames, lenses and the rest of the price list, and what stands on the shelves. Prices in pence with VAT. */
import type { Row } from "../../src-shared/sync/registry.ts";
import { foundedDaysAgo, type Staff } from "./people.ts";
import { branchCodes, type DemoRow, pad, type World } from "./world.ts";

export type Product = DemoRow<"product">;
export type LensDesign = "single_vision" | "bifocal" | "varifocal" | "occupational";

export interface Catalogue {
  readonly frames: readonly Product[];
  readonly lenses: readonly Product[];
  readonly coatings: readonly Product[];
  readonly accessories: readonly Product[];
  readonly dispensing: Product;
}

/** Standard rate, in hundredths of a percent; the dispensing service itself is an exempt health service. */
const standardRate = 2000;
const exempt = 0;

const brands = [
  { brand: "Ashby", first: 4101, colours: ["Matt black", "Tortoise", "Navy"], prices: [8900, 12900] },
  { brand: "Calder", first: 210, colours: ["Gunmetal", "Brushed silver", "Olive"], prices: [11900, 15900] },
  { brand: "Merrion", first: 31, colours: ["Havana", "Bordeaux", "Crystal grey"], prices: [16900, 22900] },
  { brand: "Thornley", first: 700, colours: ["Black", "Slate blue", "Honey"], prices: [6900, 9900] },
  { brand: "Wharfe", first: 52, colours: ["Rose gold", "Pewter", "Forest"], prices: [13900, 18900] },
] as const;
const framesPerBrand = 8;

/** name, design, index, sphere from, sphere to, cylinder, lead days, price, material */
const lensTable: readonly [string, LensDesign, number, number, number, number, number, number, string][] = [
  ["Practice Single Vision 1.50", "single_vision", 1500, -6000, 6000, 2000, 1, 4900, "CR-39"],
  ["Practice Single Vision 1.60", "single_vision", 1600, -8000, 6000, 4000, 2, 8900, "MR-8"],
  ["Norvue Clear 1.60", "single_vision", 1600, -10000, 8000, 4000, 3, 10900, "MR-8"],
  ["Norvue Clear 1.67", "single_vision", 1670, -12000, 8000, 4000, 5, 14900, "MR-10"],
  ["Norvue Clear 1.74", "single_vision", 1740, -16000, 10000, 4000, 7, 21900, "MR-174"],
  ["Calder Tough 1.59", "single_vision", 1590, -8000, 6000, 4000, 4, 9900, "Polycarbonate"],
  ["Practice Bifocal D28 1.50", "bifocal", 1500, -8000, 6000, 4000, 4, 9900, "CR-39"],
  ["Practice Bifocal D28 1.60", "bifocal", 1600, -10000, 6000, 4000, 6, 14900, "MR-8"],
  ["Calder Vista 1.50", "varifocal", 1500, -8000, 6000, 4000, 4, 15900, "CR-39"],
  ["Calder Vista 1.60", "varifocal", 1600, -10000, 8000, 4000, 5, 21900, "MR-8"],
  ["Calder Vista 1.67", "varifocal", 1670, -12000, 8000, 4000, 7, 27900, "MR-10"],
  ["Norvue Arc 1.50", "varifocal", 1500, -8000, 6000, 4000, 5, 24900, "CR-39"],
  ["Norvue Arc 1.60", "varifocal", 1600, -10000, 8000, 6000, 6, 31800, "MR-8"],
  ["Norvue Arc 1.67", "varifocal", 1670, -13000, 8500, 6000, 7, 37800, "MR-10"],
  ["Norvue Arc 1.74", "varifocal", 1740, -16000, 10000, 6000, 9, 44900, "MR-174"],
  ["Practice Varifocal 1.50", "varifocal", 1500, -6000, 6000, 4000, 3, 12900, "CR-39"],
  ["Norvue Desk 1.50", "occupational", 1500, -6000, 6000, 4000, 4, 16900, "CR-39"],
  ["Norvue Desk 1.60", "occupational", 1600, -8000, 6000, 4000, 5, 21900, "MR-8"],
  ["Calder Room 1.60", "occupational", 1600, -8000, 6000, 4000, 6, 23900, "MR-8"],
  ["Norvue Grey Polarised 1.60", "single_vision", 1600, -8000, 6000, 4000, 6, 17900, "MR-8"],
];
const coatingTable: readonly [string, number][] = [
  ["Hard coat", 2500],
  ["Anti-reflection, easy clean", 4900],
  ["Blue filter, anti-reflection", 6900],
  ["Photochromic grey", 8900],
];
const accessoryTable: readonly [string, number][] = [
  ["Lens spray 60 ml", 599],
  ["Cleaning cloths, pack of three", 450],
  ["Hard case", 1200],
  ["Neck cord", 850],
];

export function addCatalogue(world: World, staff: Staff): Catalogue {
  const at = world.at(foundedDaysAgo, 600);
  let barcode = 0;
  const product = (fields: Pick<Product, "sku" | "kind" | "name" | "price"> & Partial<Row<"product">>): Product =>
    world.add("product", at, {
      // 20 to 29 at the start is GS1's range for numbers that mean something inside one shop only.
      barcode: fields.stocked ? `29${pad(++barcode, 11)}` : null,
      brand: null,
      details: {},
      vat_rate: standardRate,
      stocked: false,
      active: true,
      ...fields,
    });

  const frames = brands.flatMap(({ brand, first, colours, prices }) =>
    Array.from({ length: framesPerBrand }, (_, n): Product => {
      const model = `${brand} ${first + n * 3}`;
      const colour = colours[n % colours.length] as string;
      return product({
        sku: model.toUpperCase().replace(" ", "-"),
        kind: "frame",
        brand,
        name: model,
        price: world.random.pick(prices),
        stocked: true,
        details: frameDetails(world, colour),
      });
    }),
  );
  const lenses = lensTable.map(([name, design, index, least, most, cylinder, lead, price, material], n) =>
    product({
      sku: `LENS-${pad(n + 1, 3)}`,
      kind: "lens",
      brand: name.split(" ")[0] as string,
      name,
      price,
      details: {
        design,
        material,
        index,
        sphere_min: least,
        sphere_max: most,
        cylinder_max: cylinder,
        lead_days: lead,
      },
    }),
  );
  const coatings = coatingTable.map(([name, price], n) =>
    product({ sku: `COAT-${pad(n + 1, 2)}`, kind: "coating", name, price }),
  );
  const accessories = accessoryTable.map(([name, price], n) =>
    product({ sku: `ACC-${pad(n + 1, 2)}`, kind: "accessory", name, price, stocked: true }),
  );
  const dispensing = product({
    sku: "SERV-DISP",
    kind: "service",
    name: "Dispensing and fitting",
    price: 6000,
    vat_rate: exempt,
  });
  addReceipts(world, staff, [...frames, ...accessories]);
  return { frames, lenses, coatings, accessories, dispensing };
}

/** Boxed sizes in tenths of a millimetre. */
function frameDetails({ random }: World, colour: string) {
  const a = random.int(47, 56) * 10;
  return { colour, a, b: random.int(31, 43) * 10, dbl: random.int(15, 21) * 10, side: 1350 + random.int(0, 2) * 50 };
}

function addReceipts(world: World, staff: Staff, products: readonly Product[]): void {
  for (const { id, kind } of products) {
    for (const code of branchCodes) {
      const quantity = kind === "frame" ? world.random.int(2, 5) : world.random.int(12, 40);
      world.add("stock_movement", world.at(60, 540), {
        product_id: id,
        branch_id: staff.branches[code],
        kind: "receipt",
        quantity,
        reference_id: null,
        reason: null,
        at: world.at(60, 540),
      });
    }
  }
}
