/** Hands files over to the engine, piece by piece, one file after the other. */
import { useCallback, useRef, useState } from "react";
import { sizeText } from "../../../src-shared/files/limits.ts";
import { type Input, send, toUiError } from "../../api/index.ts";
import { translate } from "../../ui/index.ts";
import { eyeIn, kindIn } from "./names.ts";

const pieceBytes = 1024 * 1024;

type Finish = Input<"files.finish">;
export type FileKind = Finish["kind"];
export type Subject = Finish["subject"];

export interface Adding {
  readonly key: number;
  readonly name: string;
  /** 0 to 1. */
  readonly done: number;
  /** Why it was not added, in words. */
  readonly problem: string | null;
}

let nextKey = 1;

/** `kinds`: those that are offered; a file is of the first unless its name says better. */
export function useAdding(subject: Subject, kinds: readonly FileKind[], most: number) {
  const [list, setList] = useState<readonly Adding[]>([]);
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  const change = useCallback(
    (key: number, what: Partial<Adding>) =>
      setList((now) => now.map((each) => (each.key === key ? { ...each, ...what } : each))),
    [],
  );
  const dismiss = useCallback((key: number) => setList((now) => now.filter((each) => each.key !== key)), []);

  function add(files: readonly File[]): void {
    for (const file of files) {
      const key = nextKey++;
      const name = file.name.slice(-200) || translate("files", "viewer.title");
      const problem = tooMuch(file, most);
      setList((now) => [...now, { key, name, done: 0, problem }]);
      if (problem) continue;
      const kind = kindIn(name, kinds);
      const run = () => handOver(file, (done) => change(key, { done }), { name, kind, subject });
      turn.current = turn.current.then(run).then(
        () => dismiss(key),
        (error: unknown) => change(key, { problem: toUiError(error).message }),
      );
    }
  }
  return { list, add, dismiss };
}

function tooMuch(file: File, most: number): string | null {
  if (file.size === 0) return translate("files", "isEmpty");
  if (file.size <= most) return null;
  return translate("files", "tooLarge", { most: sizeText(most), size: sizeText(file.size) });
}

async function handOver(
  file: File,
  report: (done: number) => void,
  what: Pick<Finish, "name" | "kind" | "subject">,
  again = true,
): Promise<void> {
  const { upload } = await send("files.begin", { size: file.size });
  try {
    for (let at = 0; at < file.size; at += pieceBytes) {
      const bytes = new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
      await send("files.piece", { upload, at, data: inBase64(bytes) });
      report(Math.min(1, (at + bytes.length) / file.size));
    }
    await send("files.finish", { ...what, upload, eye: eyeIn(file.name), takenAt: null, note: null });
  } catch (error) {
    void send("files.giveUp", { upload }).catch(() => {});
    // The replica was exchanged for another in the middle of it: from the start, once.
    if (again && toUiError(error).code === "FILE_FORGOTTEN") return handOver(file, report, what, false);
    throw error;
  }
}

function inBase64(bytes: Uint8Array): string {
  let text = "";
  // In strides: so many arguments are more than a call takes.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}
