/**
 * The bench's stages in order (domain: optics-dispensing-lab §3.11). A physical event happened to the thing itself,
 * always counts, and is named by the stage it reaches.
 */

export const stages = [
  "released",
  "received_lab",
  "lens_ordered",
  "lens_ready",
  "surfacing",
  "edging",
  "fitting",
  "inspection",
  "passed",
  "dispatched",
  "received_branch",
  "ready",
  "collected",
] as const;
export type Stage = (typeof stages)[number];

/** Control events are somebody's decision; they apply only if the author had seen where the job was. */
export const controlKinds = ["hold", "resume", "reject", "cancel"] as const;
export const noteKinds = ["tray", "note"] as const;
export type JobEventKind = Stage | (typeof controlKinds)[number] | (typeof noteKinds)[number];

export function stageRank(kind: string): number {
  return stages.indexOf(kind as Stage);
}
export function isPhysical(kind: string): boolean {
  return stageRank(kind) >= 0;
}
export function isControl(kind: string): boolean {
  return (controlKinds as readonly string[]).includes(kind);
}
