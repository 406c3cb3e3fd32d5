/** Hands files over to the engine, piece by piece, one file after the other. */
import { useCallback, useRef, useState } from "react";
import { sizeText } from "../../../src-shared/files/limits.ts";
import { recognise } from "../../../src-shared/files/recognise.ts";
import { differences, type FilePatient, type NamedInFile } from "../../../src-shared/files/whose.ts";
import { type Input, send, toUiError } from "../../api/index.ts";
import { translate } from "../../ui/index.ts";
import { patientIn } from "./decode/dicom.ts";
import { eyeIn, kindIn } from "./names.ts";

/** The patient stands near the beginning of a DICOM file, behind how the image was taken. */
const namedWithin = 512 * 1024;
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
  /** It names somebody else than the patient: it waits until a person has looked. */
  readonly names: NamedInFile | null;
}

let nextKey = 1;

/** `kinds`: those that are offered; a file is of the first unless its name says better. */
export function useAdding(subject: Subject, kinds: readonly FileKind[], most: number, patient: FilePatient | null) {
  const [list, setList] = useState<readonly Adding[]>([]);
  const asked = useRef(new Map<number, () => void>());
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
      setList((now) => [...now, { key, name, done: 0, problem, names: null }]);
      if (problem) continue;
      const kind = kindIn(name, kinds);
      const start = () => {
        change(key, { names: null });
        const run = () => handOver(file, (done) => change(key, { done }), { name, kind, subject });
        turn.current = turn.current.then(run).then(
          () => dismiss(key),
          (error: unknown) => change(key, { problem: toUiError(error).message }),
        );
      };
      void somebodyElse(file, patient).then((names) => {
        if (!names) return start();
        asked.current.set(key, start);
        change(key, { names });
      });
    }
  }
  /** A person saw whom the file names, and it is to be added. */
  const addAllTheSame = (key: number) => {
    asked.current.get(key)?.();
    asked.current.delete(key);
  };
  return { list, add, addAllTheSame, dismiss };
}

/** Whom a file names, if that is not the patient. Only what instruments write says so by itself. */
async function somebodyElse(file: File, patient: FilePatient | null): Promise<NamedInFile | null> {
  if (!patient) return null;
  const bytes = new Uint8Array(await file.slice(0, namedWithin).arrayBuffer());
  if (recognise(bytes) !== "application/dicom") return null;
  const named = patientIn(bytes);
  return named && differences(named, patient).length > 0 ? named : null;
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
