/** Drawings in words: for whoever does not see them, and beside them on paper. */
import { type Eye, placeOf } from "../../../../src-shared/exams/diagram.ts";
import { decodePoints, type Point } from "../../../../src-shared/exams/strokes.ts";
import { translate } from "../../../ui/i18n.ts";
import type { Drawn, Stroke } from "./eye-picture.tsx";

const t = (key: string, values?: Record<string, unknown>) => translate("drawing", key, values);

/** `disc margin, 5 o'clock, inferotemporal`. */
export function placeWords(diagram: Stroke["diagram"], eye: Eye, point: Point): string {
  const { zone, hour, sector } = placeOf(diagram, eye, point);
  const name = t(`zone.${zone}`);
  return hour === null ? name : t("at", { zone: name, hour, sector: t(`sector.${sector}`) });
}

/** What is drawn on one eye, a line each; symbols of a kind at one place are counted together. */
export function drawingWords(strokes: readonly Drawn[]): string[] {
  const counts = new Map<string, { finding: string; place: string; count: number }>();
  const labels: string[] = [];
  for (const { data, number } of strokes) {
    const points = decodePoints(data.points);
    if (data.tool === "label") {
      const [first] = points;
      const place = first ? placeWords(data.diagram, data.eye, first) : "";
      labels.push(t(data.note ? "numbered" : "numberedPlain", { number, note: data.note, place }));
      continue;
    }
    const single = data.tool === "pen" || data.tool === "haemorrhage";
    for (const point of single ? [middleOf(points)] : points) {
      const place = placeWords(data.diagram, data.eye, point);
      const key = `${data.tool} ${place}`;
      const known = counts.get(key) ?? { finding: t(`finding.${data.diagram}.${data.tool}`), place, count: 0 };
      counts.set(key, { ...known, count: known.count + 1 });
    }
  }
  const found = [...counts.values()].map((each) => t(each.count === 1 ? "described" : "several", each));
  return [...labels, ...found];
}

function middleOf(points: readonly Point[]): Point {
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / Math.max(1, points.length), y: sum.y / Math.max(1, points.length) };
}
