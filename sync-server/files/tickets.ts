/**
 * What lets a device move one blob over HTTP for a while. It got it on its own connection, where it proved who it is; the
 * ticket carries that on, under the server's secret, so that any server of the practice takes it.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { blobSchema } from "../../src-shared/files/wire.ts";
import { idSchema } from "../../src-shared/sync/wire.ts";

/** Milliseconds; whoever needs longer asks for another and goes on. */
const lasts = 15 * 60_000;

const ticketSchema = z.object({
  verb: z.enum(["put", "get"]),
  practice: idSchema,
  device: idSchema,
  blob: blobSchema,
  size: z.int(),
  /** Of a device that was taken out, and hands over what it has left. */
  leaving: z.boolean().default(false),
  until: z.int(),
});
export type Ticket = z.infer<typeof ticketSchema>;

export function makeTicket(secret: string, now: number, ticket: Omit<Ticket, "until">): string {
  const text = Buffer.from(JSON.stringify({ ...ticket, until: now + lasts } satisfies Ticket)).toString("base64url");
  return `${text}.${sign(secret, text).toString("base64url")}`;
}

/** What the ticket says; null unless this centre made it and it still holds. */
export function readTicket(secret: string, now: number, given: string): Ticket | null {
  const [text = "", signature = ""] = given.split(".", 2);
  const [expected, said] = [sign(secret, text), Buffer.from(signature, "base64url")];
  if (said.length !== expected.length || !timingSafeEqual(said, expected)) return null;
  const ticket = ticketSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  return ticket.until > now ? ticket : null;
}

const keys = new Map<string, Buffer>();
function sign(secret: string, text: string): Buffer {
  let key = keys.get(secret);
  if (!key) {
    key = Buffer.from(hkdfSync("sha256", secret, "", "horopter-files-ticket-1", 32));
    keys.set(secret, key);
  }
  return createHmac("sha256", key).update(text).digest();
}
