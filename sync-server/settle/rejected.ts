import type { VerdictCode } from "../../src-shared/sync/wire.ts";

/** Thrown where a group cannot settle, with the code of its verdict. */
export class Rejected extends Error {
  readonly code: VerdictCode;
  readonly args: Record<string, unknown>;
  constructor(code: VerdictCode, args: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.args = args;
  }
}
