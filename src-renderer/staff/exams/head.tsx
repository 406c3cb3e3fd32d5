/** Whose exam it is, what it is for, and what is to be thought of before anything else. */
import { AlertTriangle, Info } from "lucide-react";
import type { ReactNode } from "react";
import { Chip, dateText, PageHead, useT } from "../../ui/index.ts";
import { type Detail, useCell } from "./opened.ts";
import { wordOf } from "./words.ts";

export function DraftHead({ data: { patient }, children }: { data: Detail; children?: ReactNode }) {
  const t = useT("exams");
  const { value: kind } = useCell("kind");
  if (!patient) return <PageHead title={t("title")}>{children}</PageHead>;
  const what = typeof kind === "string" ? ` · ${wordOf(kind)}` : "";
  return (
    <PageHead
      title={`${patient.given_name} ${patient.family_name}`}
      meta={`${t("years", { count: patient.age })} · ${dateText(patient.date_of_birth)} · ${patient.number}${what}`}
    >
      {patient.allergies ? (
        <Chip tone="stop" icon={AlertTriangle}>
          {patient.allergies}
        </Chip>
      ) : null}
      {patient.warning ? (
        <Chip tone="info" icon={Info}>
          {patient.warning}
        </Chip>
      ) : null}
      {children}
    </PageHead>
  );
}
