/** Bytes of files on the screen: read from the engine in pieces, shown by addresses of their own, let go of again. */
import { useEffect, useRef, useState } from "react";
import { showsItself } from "../../../src-shared/files/recognise.ts";
import { call, type Output, send, toUiError } from "../../api/index.ts";

export type FileItem = Output<"files.list">["files"][number];

/** Whole images are large, and of one patient there are few at a time; small ones are kept longer. */
const mostWhole = 8;
const mostSmall = 200;
/** A picture that is not here is fetched for its small one only up to this size, bytes. */
const fetchUpTo = 8_000_000;
/** Twice the size it is shown at, for fine screens. */
const smallWidth = 360;

/** Promises of addresses by id, the longest unused of which are given back to the browser. */
function createStore(most: number) {
  const kept = new Map<string, Promise<string>>();
  return (id: string, make: () => Promise<string>): Promise<string> => {
    const known = kept.get(id) ?? make();
    kept.delete(id);
    kept.set(id, known);
    known.catch(() => kept.delete(id));
    for (const [old, address] of [...kept].slice(0, Math.max(0, kept.size - most))) {
      kept.delete(old);
      void address.then((url) => URL.revokeObjectURL(url)).catch(() => {});
    }
    return known;
  };
}
const whole = createStore(mostWhole);
const small = createStore(mostSmall);
let turn: Promise<unknown> = Promise.resolve();

/** The file, as the type that its own bytes say it is. */
export async function readFile(id: string): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let type = "application/octet-stream";
  for (let from: number | null = 0; from !== null; ) {
    const piece: Output<"files.read"> = await call("files.read", { id, from });
    if (piece.mime) type = piece.mime;
    pieces.push(Uint8Array.from(atob(piece.data), (letter) => letter.charCodeAt(0)));
    from = piece.next;
  }
  return new Blob(pieces, { type });
}

const wholeOf = (id: string) =>
  whole(id, async () => {
    const file = await readFile(id);
    if (!showsItself(file.type)) throw new Error("not an image");
    return URL.createObjectURL(file);
  });

/** One after the other: a list of fifty scans must not decode fifty scans at once. */
const smallOf = (id: string) =>
  small(id, () => {
    const made = turn.then(() => draw(id));
    turn = made.catch(() => {});
    return made;
  });

async function draw(id: string): Promise<string> {
  const file = await readFile(id);
  if (!showsItself(file.type)) throw new Error("not an image");
  const bitmap = await createImageBitmap(file, { resizeWidth: smallWidth, resizeQuality: "medium" });
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/webp", 0.8));
  if (!drawn) throw new Error("not drawn");
  return URL.createObjectURL(drawn);
}

export interface Shown {
  readonly url: string | null;
  /** The bytes are here and do not open. */
  readonly broken: boolean;
}

function useAddress(id: string, isHere: boolean, make: (id: string) => Promise<string>): Shown {
  const [shown, setShown] = useState<Shown & { id: string }>({ id, url: null, broken: false });
  useEffect(() => {
    if (!isHere) return;
    let isOver = false;
    make(id)
      .then((url) => !isOver && setShown({ id, url, broken: false }))
      .catch((error: unknown) => {
        // Gone again, or damaged here: whoever shows it asks for it, and then it comes whole.
        if (!isOver) setShown({ id, url: null, broken: toUiError(error).code === "FAILED" });
      });
    return () => {
      isOver = true;
    };
  }, [id, isHere, make]);
  return shown.id === id ? shown : { url: null, broken: false };
}

/** The address of a whole image; null until it is here. */
export function useImage(item: FileItem): Shown {
  return useAddress(item.id, item.isHere && showsItself(item.mime), wholeOf);
}

/** The address of a small one, made when it comes into sight. `ref` goes on the element that shows it. */
export function useSmallImage(item: FileItem, hasLine: boolean) {
  const ref = useRef<HTMLButtonElement>(null);
  const [inSight, setInSight] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && setInSight(true));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const shows = inSight && showsItself(item.mime);
  const fetches = shows && hasLine && !item.isHere && item.wanted === null && item.size <= fetchUpTo;
  useEffect(() => {
    if (fetches) void send("files.want", { id: item.id }).catch(() => {});
  }, [fetches, item.id]);
  return { ref, ...useAddress(item.id, shows && item.isHere, smallOf) };
}

/** Gives the person a copy, as the browser saves files. */
export async function saveCopy(item: FileItem): Promise<void> {
  const url = URL.createObjectURL(await readFile(item.id));
  const link = document.createElement("a");
  link.href = url;
  link.download = item.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
