/** Fields and imaging: what instruments made, beside the exam. */
import { useT } from "../../ui/index.ts";
import { Attachments } from "../files/index.tsx";

export function Imaging({ exam }: { exam: { id: string; patient_id: string } }) {
  const t = useT("exams");
  return (
    <>
      <h3 className="label">{t("imaging")}</h3>
      <Attachments
        subject={{ entity: "exam", id: exam.id }}
        patientId={exam.patient_id}
        kinds={["fundus", "oct", "visual_field", "photograph", "document"]}
      />
    </>
  );
}
