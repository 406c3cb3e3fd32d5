import type { Output } from "../../../api/index.ts";
import { instantText, useT } from "../../../ui/index.ts";
import { headingIn } from "./letter-text.ts";
import { Sheet, SignatureLine } from "./sheet.tsx";

/** A referral letter, as it was signed: the words are the writer's, what is ours in them is set as headings. */
export function LetterSheet({ letter }: { letter: Output<"exams.letter"> }) {
  const t = useT("papers");
  const day = instantText(letter.at, letter.branch?.time_zone ?? "Europe/London", "date");
  return (
    <Sheet
      size="a4"
      title={t("refer.title", { name: letter.patientName })}
      foot={[letter.patientName, t("refer.paper"), day].filter(Boolean).join(" · ")}
      from={letter}
    >
      <div className="sheet-to">
        <address>
          <b>{letter.toName}</b>
          <span className="typed">{letter.toAddress}</span>
        </address>
        <p>
          {day}
          {letter.urgency === "routine" ? null : (
            <b className="sheet-urgent">{t(`refer.urgencies.${letter.urgency}`)}</b>
          )}
        </p>
      </div>
      <div className="sheet-letter">
        {linesOf(letter.letter).map(({ start, line }) => (
          <p key={start}>
            <b>{line.slice(0, headingIn(line))}</b>
            {line.slice(headingIn(line))}
          </p>
        ))}
      </div>
      <SignatureLine label={t("signature")} name={letter.author} registration={letter.registration} date={day} />
    </Sheet>
  );
}

function linesOf(text: string): { readonly start: number; readonly line: string }[] {
  let next = 0;
  return text.split("\n").map((line) => {
    const start = next;
    next += line.length + 1;
    return { start, line };
  });
}
