/**
 * Works off what this PC has to bring over or to take back: one small group after the other, with a pause for everybody
 * who works beside it. It begins again by itself after the program was ended in the middle.
 */
import type { Id } from "../../../../src-shared/sync/fields.ts";
import { Refusal, type Timers } from "../../../../src-shared/sync/ports.ts";
import type { Reader } from "../../read/database.ts";
import type { Command } from "../../write/define.ts";
import { bringPart, undoPart } from "./commands.ts";
import { rowsPerPart } from "./plan.ts";
import { type Undoable, undoable } from "./undo.ts";
import { rowsLeft, type Work, workOf } from "./work.ts";

export interface RunnerOptions {
  /** Reads what the writer has committed. */
  readonly read: Reader;
  readonly timers: Timers;
  readonly now: () => number;
  readonly execute: <I, O>(command: Command<I, O>, input: unknown, actor: { user: Id; role: Id | null }) => O;
  /** Screens that show the run are told. */
  readonly changed: () => void;
}

export interface Progress extends Pick<Work, "is" | "run" | "name" | "total"> {
  readonly done: number;
  /** Rows a second since it began or went on; null while nobody can tell. */
  readonly rate: number | null;
  /** Why it stands still; null while it goes on. */
  readonly problem: string | null;
}

/** Between two groups at least, milliseconds: keystrokes and sales at this PC come in between. */
const pause = 15;
/** After a start the PC has more urgent things to do, milliseconds. */
const afterStart = 3_000;

export function createImportRunner({ read, timers, now, execute, changed }: RunnerOptions) {
  let cancel: (() => void) | null = null;
  let problem: string | null = null;
  let since: { at: number; left: number } | null = null;
  let toUndo: Undoable | null = null;

  const leftOf = (work: Work) =>
    work.is === "bring" ? rowsLeft(read) : toUndo ? countOf(toUndo) : countOf(undoable(read, work.run));

  function step(): void {
    cancel = null;
    const work = workOf(read);
    if (!work) return;
    try {
      const began = now();
      since ??= { at: began, left: leftOf(work) };
      const more = work.is === "bring" ? bring(work) : undo(work);
      // A slow PC is left to its people for as long as a group took.
      if (more) cancel = timers.after(Math.max(pause, now() - began), step);
    } catch (error) {
      problem =
        error instanceof Refusal ? error.message : "Something failed on this PC. What is in stays; try to go on.";
      since = null;
    }
    if (problem !== null || !cancel) changed();
  }

  const bring = (work: Work) => execute(bringPart, { runId: work.run }, work).more;
  function undo(work: Work): boolean {
    toUndo ??= undoable(read, work.run);
    const part = {
      balances: toUndo.balances.slice(0, rowsPerPart),
      orders: toUndo.orders.slice(0, rowsPerPart),
      patients: toUndo.patients.slice(0, rowsPerPart),
    };
    const rest: Undoable = {
      balances: toUndo.balances.slice(rowsPerPart),
      orders: toUndo.orders.slice(rowsPerPart),
      patients: toUndo.patients.slice(rowsPerPart),
    };
    const last = countOf(rest) === 0;
    execute(undoPart, { runId: work.run, ...part, last }, work);
    toUndo = last ? null : rest;
    return !last;
  }

  function start(after = 0): void {
    cancel?.();
    problem = null;
    since = null;
    toUndo = null;
    cancel = timers.after(after, step);
  }

  return {
    /** Goes on with whatever this PC has to do; nothing happens if there is nothing. */
    start: () => start(),
    /** After the program started: whatever was left in the middle goes on. */
    resume(): void {
      if (workOf(read)) start(afterStart);
    },
    progress(): Progress | null {
      const work = workOf(read);
      if (!work) return null;
      const left = leftOf(work);
      const { is, run, name, total } = work;
      const seconds = since ? (now() - since.at) / 1000 : 0;
      const rate = since && seconds > 0.5 ? (since.left - left) / seconds : null;
      return { is, run, name, total, done: Math.max(0, total - left), rate, problem };
    },
    close(): void {
      cancel?.();
      cancel = null;
    },
  };
}

const countOf = ({ patients, orders, balances }: Undoable) => patients.length + orders.length + balances.length;
