import type { ReactNode } from "react";
import { HoropterArt, Mark } from "./mark.tsx";
import "./door.css";

/** The two screens that stand before the work share their left half. */
export function Door({ foot, children, hints }: { foot: ReactNode; children: ReactNode; hints?: ReactNode }) {
  return (
    <div className="door">
      <div className="left">
        <p className="nm">
          <Mark />
          <span>Horopter</span>
        </p>
        <HoropterArt />
        <div className="state">{foot}</div>
      </div>
      <main className="rightp">
        <div className="inner">{children}</div>
        {hints}
      </main>
    </div>
  );
}
