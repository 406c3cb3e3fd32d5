/** What a printed prescription has to state. */
import { type Rx, strongestMeridian } from "../optics/index.ts";

/** From this power on in any meridian the distance at which it was tested belongs to the prescription (domain §3.2). */
const vertexFrom = 5_000;

/** Whether the back vertex distance is stated: some principal meridian is at or beyond ±5.00 dioptres. */
export function needsVertexDistance({ r, l }: Rx): boolean {
  return [r, l].some((eye) => Math.abs(strongestMeridian(eye)?.power ?? 0) >= vertexFrom);
}
