/** Asks before a file is added to a patient whom it does not name. */
import type { FilePatient, NamedInFile } from "../../../src-shared/files/whose.ts";
import { Button, Callout, dateText, useT } from "../../ui/index.ts";

interface SomebodyElseProps {
  readonly name: string;
  readonly names: NamedInFile;
  readonly patient: FilePatient;
  readonly onAdd: () => void;
  readonly onDismiss: () => void;
}

export function SomebodyElse({ name, names, patient, onAdd, onDismiss }: SomebodyElseProps) {
  const t = useT("files");
  const born = (date: string | null) => (date ? dateText(date) : null);
  const file = [
    names.name?.replaceAll("^", " ").trim(),
    born(names.dateOfBirth),
    names.number && t("numberInFile", { number: names.number }),
  ];
  const own = [`${patient.familyName} ${patient.givenName}`, born(patient.dateOfBirth)];
  const listed = (parts: readonly (string | null | undefined)[]) => parts.filter(Boolean).join(", ");
  return (
    <Callout tone="look" title={t("another", { name })}>
      <p>{t("anotherText", { file: listed(file), patient: listed(own) })}</p>
      <div className="row g2">
        <Button size="s" onClick={onDismiss}>
          {t("dontAdd")}
        </Button>
        <Button size="s" variant="quiet" onClick={onAdd}>
          {t("addAnyway")}
        </Button>
      </div>
    </Callout>
  );
}
