/** Bytes of files on the screen: read from the engine in pieces, shown by addresses of their own, let go of again. */
import { useEffect, useRef, useState } from "react";
import { showsItself } from "../../../src-shared/files/recognise.ts";
import { call, type Output, send } from "../../api/index.ts";
import { CannotDraw, drawPage, isDrawn } from "./decode/index.ts";
import type { Why } from "./decode/unreadable.ts";
import { isPicture } from "./pictures.ts";

export type FileItem = Output<"files.list">["files"][number];

/** Whole images are large, and of one patient there are few at a time; small ones are kept longer. */
const mostWhole = 8;
const mostSmall = 200;
/** A picture that is not here is fetched for its small one only up to this size, bytes. */
const fetchUpTo = 8_000_000;
/** Twice the size it is shown at, for fine screens. */
const smallWidth = 360;

interface Address {
  readonly url: string;
  /** Pictures in the file, of which this is one. */
  readonly pages: number;
}

/** Whether it is seen at all. */
export const isPdf = (mime: string): boolean => mime === "application/pdf";

/** Promises of addresses by id and page, the longest unused of which are given back to the browser. */
function createStore(most: number) {
  const kept = new Map<string, Promise<Address>>();
  return (id: string, make: () => Promise<Address>): Promise<Address> => {
    const known = kept.get(id) ?? make();
    kept.delete(id);
    kept.set(id, known);
    known.catch(() => kept.delete(id));
    for (const [old, address] of [...kept].slice(0, Math.max(0, kept.size - most))) {
      kept.delete(old);
      void address.then(({ url }) => URL.revokeObjectURL(url)).catch(() => {});
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

const wholeOf = (id: string, page: number) =>
  whole(`${id} ${page}`, async () => {
    const { image, pages } = await pictureOf(id, page);
    return { url: URL.createObjectURL(image), pages };
  });

/** Only what its own first bytes say is a PDF gets an address here: nothing else is ever opened as a page. */
const documentOf = (id: string, _page: number) =>
  whole(`${id} pdf`, async () => {
    const file = await readFile(id);
    if (!isPdf(file.type)) throw new CannotDraw("damaged");
    return { url: URL.createObjectURL(file), pages: 1 };
  });

/** Somebody leafs through one file: it is not read anew for each of its pictures. */
let leafed: { readonly id: string; readonly file: Promise<Blob> } | null = null;
function leafing(id: string): Promise<Blob> {
  if (leafed?.id === id) return leafed.file;
  const file = readFile(id);
  leafed = { id, file };
  file.catch(() => {
    leafed = null;
  });
  return file;
}

/** @throws CannotDraw */
async function pictureOf(id: string, page: number): Promise<{ image: Blob; pages: number }> {
  const file = await (page > 0 ? leafing(id) : readFile(id));
  if (isDrawn(file.type)) return drawPage(file, page);
  if (!showsItself(file.type)) throw new CannotDraw("damaged");
  return { image: file, pages: 1 };
}

/** One after the other: a list of fifty scans must not decode fifty scans at once. */
const smallOf = (id: string, _page: number) =>
  small(id, () => {
    const made = turn.then(() => draw(id));
    turn = made.catch(() => {});
    return made;
  });

async function draw(id: string): Promise<Address> {
  const { image, pages } = await pictureOf(id, 0);
  const bitmap = await createImageBitmap(image, { resizeWidth: smallWidth, resizeQuality: "medium" });
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/webp", 0.8));
  if (!drawn) throw new Error("not drawn");
  return { url: URL.createObjectURL(drawn), pages };
}

export interface Shown {
  readonly url: string | null;
  readonly pages: number;
  /** The bytes are here and are not drawn: why. */
  readonly broken: Why | null;
}
const nothing: Shown = { url: null, pages: 1, broken: null };

function useAddress(
  id: string,
  page: number,
  isHere: boolean,
  make: (id: string, page: number) => Promise<Address>,
): Shown {
  const [shown, setShown] = useState<Shown & { of: string }>({ ...nothing, of: "" });
  const of = `${id} ${page}`;
  useEffect(() => {
    if (!isHere) return;
    let isOver = false;
    make(id, page)
      .then((address) => !isOver && setShown({ ...address, broken: null, of: `${id} ${page}` }))
      .catch((error: unknown) => {
        // Gone again, or damaged here: whoever shows it asks for it, and then it comes whole.
        const broken = error instanceof CannotDraw ? error.why : error instanceof DOMException ? "damaged" : null;
        if (!isOver) setShown({ ...nothing, broken, of: `${id} ${page}` });
      });
    return () => {
      isOver = true;
    };
  }, [id, page, isHere, make]);
  // While another page of the same file is drawn, how many there are stays known.
  return shown.of === of ? shown : shown.of.startsWith(`${id} `) ? { ...nothing, pages: shown.pages } : nothing;
}

/** The address of one picture of a file; null until it is here. */
export function useImage(item: FileItem, page: number): Shown {
  return useAddress(item.id, page, item.isHere && isPicture(item.mime), wholeOf);
}

/** The address of a PDF; null until it is here. */
export function useDocument(item: FileItem): Shown {
  return useAddress(item.id, 0, item.isHere, documentOf);
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
  const shows = inSight && isPicture(item.mime);
  const fetches = shows && hasLine && !item.isHere && item.wanted === null && item.size <= fetchUpTo;
  useEffect(() => {
    if (fetches) void send("files.want", { id: item.id }).catch(() => {});
  }, [fetches, item.id]);
  return { ref, ...useAddress(item.id, 0, shows && item.isHere, smallOf) };
}

/** Gives the person a copy, as the browser saves files. */
export async function saveCopy(item: Pick<FileItem, "id" | "name">): Promise<void> {
  const url = URL.createObjectURL(await readFile(item.id));
  const link = document.createElement("a");
  link.href = url;
  link.download = item.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
