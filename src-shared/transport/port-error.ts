/**
 * Why a call over a port did not reach its answer.
 *
 * - `PORT_CLOSED`: the other side went away (its process ended, the window was re-connected, the app shuts down).
 * - `PORT_PROTOCOL`: the answer was not one this version understands.
 */
export type PortErrorCode = "PORT_CLOSED" | "PORT_PROTOCOL";

/**
 * Whether the call may have taken effect. `unknown`: it was sent and its answer is lost, so a command must be
 * looked up by its id before it is given again. `not-sent`: nothing happened, giving it again is safe.
 */
export type PortOutcome = "unknown" | "not-sent";

/** A failure of the way, not of the procedure at its end. */
export class PortTransportError extends Error {
  override readonly name = "PortTransportError";
  readonly code: PortErrorCode;
  readonly outcome: PortOutcome;

  constructor(code: PortErrorCode, outcome: PortOutcome, message: string) {
    super(message);
    this.code = code;
    this.outcome = outcome;
  }
}

/** The transport failure inside an error of a tRPC client, if that is what it is. */
export function transportErrorOf(error: unknown): PortTransportError | null {
  if (error instanceof PortTransportError) return error;
  return error instanceof Error && error.cause instanceof PortTransportError ? error.cause : null;
}
