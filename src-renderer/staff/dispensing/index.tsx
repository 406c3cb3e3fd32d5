import { addTexts, useParam, usePath } from "../../ui/index.ts";
import { enGB } from "./en-GB.ts";
import { Receipt } from "./receipt.tsx";
import { Wizard } from "./wizard.tsx";
import "./till.css";

addTexts("dispensing", enGB);

export default function Till() {
  const param = useParam();
  const sale = usePath().split("?")[0]?.split("/")[3];
  if (param === "receipt" && sale) return <Receipt key={sale} saleId={sale} />;
  return <Wizard key={param ?? "new"} patientId={param} />;
}
