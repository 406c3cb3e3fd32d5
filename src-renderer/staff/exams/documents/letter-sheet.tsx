import type { Output } from "../../../api/index.ts";
import { instantText, useT } from "../../../ui/index.ts";
import { Sheet, SignatureLine } from "./sheet.tsx";

/** A referral letter, as it was signed. */
export function LetterSheet({ letter }: { letter: Output<"exams.letter"> }) {
  const t = useT("papers");
  const zone = letter.branch?.time_zone ?? "Europe/London";
  return (
    <Sheet size="a4" title={t("refer.title", { name: letter.patientName })} from={letter}>
      <div className="sheet-to">
        <p>
          <b>{letter.toName}</b>
        </p>
        <p className="typed">{letter.toAddress}</p>
      </div>
      <p className="sheet-small">
        {instantText(letter.at, zone, "date")}
        {letter.urgency === "routine" ? null : <b> · {t(`refer.urgencies.${letter.urgency}`)}</b>}
      </p>
      <div className="sheet-letter">{letter.letter}</div>
      <SignatureLine label={t("signature")} name={letter.author} registration={letter.registration} />
    </Sheet>
  );
}
