/** What is said of an eye beyond single cells, by the practice's limits: its best acuity, the meridians of its cornea. */
import { checkAcuity, checkKeratometry, parseAcuity } from "../../../../src-shared/optics/index.ts";
import { useLimits, useT } from "../../../ui/index.ts";
import { useCells, useOpened } from "../opened.ts";

const sides = ["r", "l"] as const;
type Side = (typeof sides)[number];

function Said({ said }: { said: readonly { readonly eye: Side; readonly message: string }[] }) {
  const t = useT("exams");
  return said.map(({ eye, message }) => (
    <p key={eye + message} className="msg notes is-look">
      {t(eye === "r" ? "right" : "left")}: {message}
    </p>
  ));
}

const acuityOf = (written: unknown) => {
  const read = typeof written === "string" ? parseAcuity(written) : null;
  return read?.ok ? read.value : null;
};
const bestKey = (side: Side) => `subjective.va.${side}`;

/** The best corrected acuity of each eye, alone and against the visit before. */
export function AcuityFindings() {
  const { save, last } = useOpened();
  const { acuity } = useLimits();
  useCells(sides.map(bestKey));
  const said = sides.flatMap((eye) => {
    const now = acuityOf(save.value(bestKey(eye)));
    const before = acuityOf(last?.values[bestKey(eye)]);
    return now ? checkAcuity(now, before, acuity).map(({ message }) => ({ eye, message })) : [];
  });
  return <Said said={said} />;
}

const corneaKeys = (side: Side) => ["k1", "k1_axis", "k2", "k2_axis"].map((name) => `keratometry.${name}.${side}`);

/** Whether both meridians of each cornea are about at right angles. What a radius can be is said at its cell. */
export function CorneaFindings() {
  const { save } = useOpened();
  const { measures } = useLimits();
  useCells(sides.flatMap(corneaKeys));
  const said = sides.flatMap((eye) => {
    const [k1, axis1, k2, axis2] = corneaKeys(eye).map((key) => save.value(key));
    if (![k1, axis1, k2, axis2].every((value) => typeof value === "number")) return [];
    const meridians = [
      { radius: k1 as number, axis: axis1 as number },
      { radius: k2 as number, axis: axis2 as number },
    ] as const;
    return checkKeratometry(...meridians, measures)
      .filter(({ code }) => code === "axes_not_square")
      .map(({ message }) => ({ eye, message }));
  });
  return (
    <div className="fr one">
      <Said said={said} />
    </div>
  );
}
