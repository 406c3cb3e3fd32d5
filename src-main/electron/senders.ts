/** Who sent something to the main process, as far as it matters for believing it. */
export interface Sender {
  readonly webContentsId: number;
  /** Of the frame, null when it is gone already. */
  readonly url: string | null;
  readonly isMainFrame: boolean;
}

/** The part of Electron's `IpcMainEvent` that is used. */
export interface SentEvent {
  readonly sender: { readonly id: number };
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

export function senderOf(event: SentEvent): Sender {
  const frame = event.senderFrame;
  return { webContentsId: event.sender.id, url: frame?.url ?? null, isMainFrame: frame?.parent === null };
}

/** Only the main frame of a window that we made, while it shows our own page, is listened to. */
export function isOwnSender(sender: Sender, windows: ReadonlySet<number>, origin: string): boolean {
  return (
    sender.isMainFrame && windows.has(sender.webContentsId) && sender.url !== null && isOfOrigin(sender.url, origin)
  );
}

/** Compared by parts: `app://horopter.evil/` begins with our origin and is not of it. */
export function isOfOrigin(url: string, origin: string): boolean {
  const [parsed, own] = [URL.parse(url), URL.parse(origin)];
  if (!parsed || !own || parsed.username !== "" || parsed.password !== "") return false;
  return parsed.protocol === own.protocol && parsed.host === own.host;
}
