/** Somebody who brings records over, for tests: files on a desk, a dry run, a run to its end. */
import { type Clinic, type ClinicDevice, until } from "../../../../sim/clinic.ts";
import { sessionAt } from "../../../../sim/sessions.ts";
import type { CheckState } from "./check.ts";
import { type Desk, deskOf } from "./desk.ts";

export const sitAt = ({ engine }: ClinicDevice, clinic: Clinic): Desk => deskOf(engine, clinic.practice.people.OW);

let files = 0;
/** A file arrives in two pieces, as large ones do. */
export function choose(desk: Desk, name: string, content: string | Buffer): void {
  const data = Buffer.from(content as string);
  files += 1;
  const id = `upload-${files}`;
  const half = Math.floor(data.length / 2);
  desk.upload({ id, name, data: data.subarray(0, half).toString("base64"), first: true, last: false });
  desk.upload({ id, name, data: data.subarray(half).toString("base64"), first: false, last: true });
}

export function dryRun(desk: Desk): CheckState {
  let { done, total } = desk.checkOn(true);
  while (done < total) ({ done, total } = desk.checkOn(false));
  return desk.checked().state;
}

export const idle = (device: ClinicDevice) =>
  until(
    () => device.engine.imports.progress() === null,
    () => `still at ${JSON.stringify(device.engine.imports.progress())}`,
  );

/** Brings over what lies on the desk, to the end; the run's id. */
export async function bringAll(device: ClinicDevice, clinic: Clinic, name = "From the old system"): Promise<string> {
  const desk = sitAt(device, clinic);
  dryRun(desk);
  const { runId } = desk.begin(sessionAt(device, clinic, "OW"), name, clinic.practice.branches.leeds);
  await idle(device);
  return runId;
}
