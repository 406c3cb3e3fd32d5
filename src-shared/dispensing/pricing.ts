/** From what is in the basket to the lines of a sale. Minor units throughout; VAT is contained in every price. */
import { vatIncluded } from "../money/money.ts";
import type { NewRow } from "../sync/registry.ts";

export interface BasketItem {
  readonly product: {
    readonly id: string;
    readonly kind: "frame" | "lens" | "coating" | "accessory" | "service";
    readonly name: string;
    readonly brand: string | null;
    readonly price: number;
    readonly vat_rate: number;
  };
  readonly quantity: number;
  /** Minor units off the whole line. */
  readonly discount: number;
}

/** How an item is called on paper: maker and name, without saying the maker twice. */
export function productName({ brand, name }: { readonly brand: string | null; readonly name: string }): string {
  return brand === null || name.startsWith(brand) ? name : `${brand} ${name}`;
}

export type PricedLine = Omit<NewRow<"sale_line">, "sale_id">;

/** Lines in the order of the basket, VAT per line half-up. A discount never exceeds its line. */
export function priceBasket(items: readonly BasketItem[]): PricedLine[] {
  return items.map(({ product, quantity, discount }, index) => {
    const gross = product.price * quantity;
    const off = Math.min(Math.max(0, discount), gross);
    const total = gross - off;
    return {
      ordinal: index + 1,
      kind: product.kind,
      product_id: product.id,
      description: productName(product),
      quantity,
      unit_price: product.price,
      discount: off,
      line_total: total,
      vat_rate: product.vat_rate,
      vat_amount: vatIncluded(total, product.vat_rate),
    };
  });
}

export function totalOf(lines: readonly { line_total: number }[]): number {
  return lines.reduce((sum, line) => sum + line.line_total, 0);
}

/** What to ask for now under a deposit policy: its percentage, rounded up to a whole penny, never less than it. */
export function depositOf(total: number, percent: number): number {
  return Math.ceil((total * percent) / 100);
}
