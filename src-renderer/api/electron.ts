/** In the desktop shell the engine is reached over a port that the preload hands to the page. */
import type { StaffRouter } from "../../src-main/engine/router.ts";
import { type PageWindow, receivePorts } from "../../src-shared/transport/page-port.ts";
import { createPortConnection } from "../../src-shared/transport/port-connection.ts";
import { portLink } from "../../src-shared/transport/port-link.ts";

export function electronLink() {
  const connection = createPortConnection();
  receivePorts(window as unknown as PageWindow, connection);
  return portLink<StaffRouter>(connection);
}
