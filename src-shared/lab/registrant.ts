/**
 * The registered optician whom the law wants at the collection of glasses for a child or somebody registered sight impaired
 * (domain §4.2): who was there is recorded with the fact itself, as their name and number were on the day.
 */
import { z } from "zod";

export const registrantSchema = z.object({
  name: z.string().trim().min(2, "name them").max(200),
  /** In the register of opticians, optometrists or doctors. */
  number: z.string().trim().min(2, "give their number in the register").max(40),
});
export type Registrant = z.output<typeof registrantSchema>;

const written = /^registrant: (.+), ([^,]+)$/;

/** What stands as the text of the event that hands the glasses out. */
export function writeRegistrant({ name, number }: Registrant): string {
  return `registrant: ${name}, ${number.replaceAll(",", " ")}`;
}

/** Who was there, as an event's text says it; null for any other text. */
export function readRegistrant(text: string | null): Registrant | null {
  const [, name, number] = written.exec(text ?? "") ?? [];
  return name && number ? { name, number } : null;
}
