import { ageOn } from "../../../src-shared/calendar/index.ts";

interface Named {
  readonly given_name: string;
  readonly family_name: string;
}
export const initialsOf = ({ given_name, family_name }: Named): string =>
  `${given_name[0] ?? ""}${family_name[0] ?? ""}`.toUpperCase();

export const ageOf = ({ date_of_birth }: { date_of_birth: string }, today: string): number =>
  ageOn(date_of_birth, today);
