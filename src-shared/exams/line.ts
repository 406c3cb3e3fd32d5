/** Text inside the JSON of the exam room's rows. */
import { z } from "zod";

/** Without NUL, as every text of the registry is: no paper, no PostgreSQL and no other system can take it. */
export const line = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !text.includes("\0"), "Text cannot hold a NUL character.");
