/** Files go to the engine in pieces, so that nothing else waits behind a large one. */
import { queryClient, send } from "../../../api/index.ts";

const pieceBytes = 384 * 1024;

/** Sends a file; `progress` hears how much of it is there, 0 to 1. Rejects with a `UiError` in words for the person. */
export async function sendFile(file: File, progress: (done: number) => void): Promise<void> {
  const id = crypto.randomUUID();
  const pieces = Math.max(1, Math.ceil(file.size / pieceBytes));
  for (let piece = 0; piece < pieces; piece++) {
    const bytes = await file.slice(piece * pieceBytes, (piece + 1) * pieceBytes).arrayBuffer();
    await send("imports.upload", {
      id,
      name: file.name,
      data: base64(new Uint8Array(bytes)),
      first: piece === 0,
      last: piece === pieces - 1,
    });
    progress((piece + 1) / pieces);
  }
}

function base64(bytes: Uint8Array): string {
  let text = "";
  // Not all at once: arguments of a call are limited.
  for (let at = 0; at < bytes.length; at += 0x2000) text += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  return btoa(text);
}

/** What lies on the desk is no row of the replica, so no change of rows tells of it. */
export function refreshDesk(): Promise<void> {
  return queryClient.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith("imports.") });
}

/** Lets the person save a text as a file. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
