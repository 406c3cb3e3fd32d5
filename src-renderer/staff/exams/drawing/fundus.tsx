import { fundus } from "../../../../src-shared/exams/diagram.ts";

const { disc, macula, radius } = fundus;

/** Vessels of a right eye: four arcades out of the disc, and the twigs that run to the macula and above and below it. */
const arcades =
  "M650 500C637 400 575 312 450 262S162 212 137 250M650 500C662 387 725 287 825 212M650 500C637 600 575 688 450 738s-238 50-313 12M650 500c12 112 75 212 175 288";
const twigs =
  "M600 350C537 338 462 350 400 375M600 650c-62 12-138 0-200-25M450 262c-50-50-100-75-150-87M450 738c-50 50-100 75-150 87M740 318c28 8 74 10 122-4M740 682c28-8 74-10 122 4";

/**
 * The back of the eye with nothing wrong. `cup`: the cup-to-disc ratio in hundredths, drawn to scale; without one a
 * faint 0.30.
 */
export function FundusPicture({ cup }: { cup: number | null }) {
  const part = (cup ?? 30) / 100;
  return (
    <>
      <circle className="ground" cx="500" cy="500" r={radius} />
      <path className="vessel" d={arcades} />
      <path className="vessel twig" d={twigs} />
      <ellipse className="disc" cx={disc.x} cy={disc.y} rx={disc.rx} ry={disc.ry} />
      <ellipse
        className={cup === null ? "cup faint" : "cup"}
        cx={disc.x - 3}
        cy={disc.y}
        rx={disc.rx * part}
        ry={disc.ry * part}
      />
      <circle className="macula" cx={macula.x} cy={macula.y} r={macula.r} />
      <circle className="fovea" cx={macula.x} cy={macula.y} r="9" />
      <circle className="rim" cx="500" cy="500" r={radius} />
    </>
  );
}
