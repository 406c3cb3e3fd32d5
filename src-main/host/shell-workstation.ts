import type { AnyTRPCRouter } from "@trpc/server";
import type { Log } from "../../src-shared/sync/ports.ts";
import type { SecretStore } from "../secrets/store.ts";
import type { Served } from "./server.ts";

/** Whether the program may be replaced now, and if not, what is in the way, in words for the person. */
export interface InstallReadiness {
  readonly safe: boolean;
  readonly reasons: readonly string[];
}

/** The engine as a shell knows it: something to serve, and to close. */
export interface ShellWorkstation<TRouter extends AnyTRPCRouter = AnyTRPCRouter> extends Served<TRouter> {
  /** Absent: nobody knows, so nothing is installed. */
  installReadiness?(): InstallReadiness | Promise<InstallReadiness>;
  /** Before the computer sleeps: what is in memory goes to the disk. */
  suspend?(): void | Promise<void>;
  /** After it woke up: the line to the centre is made anew. */
  resume?(): void | Promise<void>;
  close(): Promise<void>;
}

export interface WorkstationStart {
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly log: Log;
  /** What this PC is called; the computer's name unless several run on one. */
  readonly name?: string;
  /** A folder on another disk for backups of the data; `HOROPTER_BACKUPS` names it too. */
  readonly backups?: string;
  /** A backup that takes the place of the data before anything is opened. */
  readonly restore?: string;
  /** Starts the demo for *try the demo* and returns its address; absent where no demo is built in. */
  readonly tryDemo?: () => Promise<string>;
}

export type StartWorkstation = (start: WorkstationStart) => Promise<ShellWorkstation>;
