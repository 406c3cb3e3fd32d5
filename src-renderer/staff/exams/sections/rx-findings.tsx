/** What no lens could be as it stands, and what is seldom meant; said when the row has come as far. */
import { AlertTriangle, CircleX } from "lucide-react";
import { memo } from "react";
import { checkRx, type Rx } from "../../../../src-shared/optics/index.ts";
import { useLimits, useT } from "../../../ui/index.ts";
import { useCells, useOpened, usePatient } from "../opened.ts";

const cells = ["sphere", "cylinder", "axis", "add", "prism_h", "base_h", "prism_v", "base_v"] as const;
const sides = ["r", "l"] as const;
export type KeyOfCell = (cell: string, side: "r" | "l") => string;

/** Both eyes of a row of cells, from wherever its values stand. */
export function rxOfCells(stated: (key: string) => unknown, keyOf: KeyOfCell): Rx {
  return Object.fromEntries(
    sides.map((side) => [side, Object.fromEntries(cells.map((cell) => [cell, stated(keyOf(cell, side)) ?? null]))]),
  ) as unknown as Rx;
}

export const RxFindings = memo(function RxFindings({ keyOf }: { keyOf: KeyOfCell }) {
  const { save } = useOpened();
  useCells(sides.flatMap((side) => cells.map((cell) => keyOf(cell, side))));
  const { patient } = usePatient();
  return <RxSaid rx={rxOfCells((key) => save.value(key), keyOf)} age={patient?.age ?? null} />;
});

/** What is said of two eyes beyond what each cell says of itself; `age` in completed years, where it is known. */
export function RxSaid({ rx, age = null }: { rx: Rx; age?: number | null }) {
  const limits = useLimits();
  const t = useT("exams");
  const said = checkRx(rx, { age }, limits.rx).filter(
    ({ code, eye }) =>
      !["unusual", "out_of_range"].includes(code) &&
      (code !== "adds_differ" || (rx.r.add !== null && rx.l.add !== null)) &&
      !(code === "axis_required" && eye !== "both" && rx[eye].cylinder === null),
  );
  return said.map(({ eye, field, code, severity, message }) => (
    <p key={eye + field + code} className={`msg notes ${severity === "block" ? "is-stop" : "is-look"}`}>
      {severity === "block" ? <CircleX className="i" aria-hidden /> : <AlertTriangle className="i" aria-hidden />}
      <span>
        {eye === "both" ? "" : `${t(eye === "r" ? "right" : "left")}: `}
        {message}
      </span>
    </p>
  ));
}
