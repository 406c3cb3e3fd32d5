/** Numbers that people read, drawn offline, gapless per terminal and series (architecture §3.8). */
import type { Sqlite } from "../../../replica/open.ts";
import { formatLabel } from "../../../src-shared/dispensing/label.ts";

export interface LabelSource {
  readonly branchCode: string;
  readonly terminal: string;
}

export function createLabels(db: Sqlite) {
  const read = db.prepare("select next from label_series where series=?").pluck();
  const save = db.prepare("insert or replace into label_series (series, next) values (?,?)");
  return {
    /** The next label of a series of this terminal. The counter commits, or rolls back, with the document. */
    draw({ branchCode, terminal }: LabelSource, letter: string): string {
      const series = `${branchCode}-${terminal}-${letter}`;
      const counter = (read.get(series) as number | undefined) ?? 1;
      save.run(series, counter + 1);
      return formatLabel({ branchCode, terminal, letter, counter });
    },
    /** Numbers of a group that is undone stay used: counters never run backwards (P9). */
    peek: (series: string) => (read.get(series) as number | undefined) ?? 1,
  };
}
