import { addTexts, useParam } from "../../ui/index.ts";
import { Board } from "./board.tsx";
import { enGB } from "./en-GB.ts";
import { JobScreen } from "./job.tsx";
import "./lab.css";

export { useAdvance } from "./advance.tsx";

addTexts("lab", enGB);

export default function Lab() {
  const id = useParam();
  return id ? <JobScreen key={id} id={id} /> : <Board />;
}
