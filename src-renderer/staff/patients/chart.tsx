import { rxOf, sphericalEquivalent } from "../../../src-shared/optics/index.ts";
import { PowerChart as Chart } from "../../ui/index.ts";

interface Dated {
  readonly issued_on: string;
}

/** Mean sphere of both eyes over the years, in dioptres, from the prescriptions on file; the last one of a day counts. */
export function PowerChart({ prescriptions }: { prescriptions: readonly Dated[] }) {
  const byDay = new Map(
    [...prescriptions]
      .sort((a, b) => (a.issued_on < b.issued_on ? -1 : 1))
      .map((row) => {
        const { r, l } = rxOf(row as never);
        return [row.issued_on, { at: Date.parse(row.issued_on), r: sphericalEquivalent(r), l: sphericalEquivalent(l) }];
      }),
  );
  return <Chart title="Mean sphere over the years, dioptres" points={[...byDay.values()]} />;
}
