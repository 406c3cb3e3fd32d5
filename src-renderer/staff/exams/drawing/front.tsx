import { front } from "../../../../src-shared/exams/diagram.ts";

const { corners, limbus, lower, pupil, upper } = front;
const [outer, inner] = [500 - corners.half, 500 + corners.half];
/** A parabola with its top `bow` above the line between the corners. */
const lid = (bow: number) => `Q500 ${corners.y - 2 * bow} `;
const opening = `M${outer} ${corners.y}${lid(upper)}${inner} ${corners.y}${lid(-lower)}${outer} ${corners.y}Z`;
const creases = `M${outer + 30} ${corners.y - 150}Q500 ${corners.y - 2 * upper - 60} ${inner - 10} ${corners.y - 130}M${outer + 70} ${corners.y + 130}Q500 ${corners.y + 2 * lower + 60} ${inner - 60} ${corners.y + 120}`;

/** Ends of the mark at a clock hour, just outside the limbus. */
function hourMark(hour: number): string {
  const angle = (hour / 12) * 2 * Math.PI;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [near, far] = [limbus + 10, limbus + (hour % 3 === 0 ? 30 : 20)];
  const at = (r: number) => `${(500 + sin * r).toFixed(1)} ${(500 - cos * r).toFixed(1)}`;
  return `M${at(near)}L${at(far)}`;
}
const hours = Array.from({ length: 12 }, (_, index) => hourMark(index + 1)).join("");
const spokes = Array.from({ length: 36 }, (_, index) => {
  const angle = (index / 36) * 2 * Math.PI;
  const at = (r: number) => `${(500 + Math.sin(angle) * r).toFixed(1)} ${(500 - Math.cos(angle) * r).toFixed(1)}`;
  return `M${at(pupil + 26)}L${at(limbus - (index % 2 === 0 ? 34 : 56))}`;
}).join("");

/** The front of a right eye with nothing wrong: lids, white, cornea and iris, pupil, and the limbus as a clock. */
export function FrontPicture() {
  return (
    <>
      <path className="crease" d={creases} />
      <path className="sclera" d={opening} />
      <ellipse className="caruncle" cx={inner - 42} cy={corners.y} rx="30" ry="20" />
      <circle className="iris" cx="500" cy="500" r={limbus} />
      <path className="spokes" d={spokes} />
      <circle className="pupil" cx="500" cy="500" r={pupil} />
      <circle className="limbus" cx="500" cy="500" r={limbus} />
      <path className="hours" d={hours} />
      <path className="lids" d={opening} />
    </>
  );
}

/** Names of the quarter hours; not mirrored with the eye. */
export function FrontHours() {
  const r = limbus + 50;
  return (
    <g className="hour-names" aria-hidden>
      <text x="500" y={500 - r + 16}>
        12
      </text>
      <text x={500 + r} y="512">
        3
      </text>
      <text x="500" y={500 + r + 10}>
        6
      </text>
      <text x={500 - r} y="512">
        9
      </text>
    </g>
  );
}
