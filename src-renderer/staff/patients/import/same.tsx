/** Who in the files seems to be here already, and what is done about each. */
import { UserCheck } from "lucide-react";
import { useState } from "react";
import { type Output, useAct, useLive } from "../../../api/index.ts";
import { Button, Chip, dateText, EmptyState, Select, useT } from "../../../ui/index.ts";
import { Pages } from "./pages.tsx";
import { refreshDesk } from "./upload.ts";

type Duplicate = Output<"imports.duplicates">["duplicates"][number];
const size = 25;

export function SameStep() {
  const t = useT("moving");
  const [offset, setOffset] = useState(0);
  const { data } = useLive("imports.duplicates", { offset, limit: size });
  const decide = useAct("imports.decide");
  const all = (is: "same" | "new" | "skip") => void decide.act({ ref: null, is, candidate: 0 }).then(refreshDesk);
  if (!data) return null;
  if (data.total === 0) {
    return (
      <EmptyState icon={UserCheck} title={t("nobody")}>
        {t("nobodyText")}
      </EmptyState>
    );
  }
  return (
    <>
      <div className="pad row g3">
        <p className="t2 grow">{t("sameText")}</p>
        <span className="label nowrap">{t("everybody")}</span>
        {(["same", "new", "skip"] as const).map((is) => (
          <Button key={is} size="s" onClick={() => all(is)}>
            {t(is)}
          </Button>
        ))}
      </div>
      <table className="tbl same">
        <thead>
          <tr>
            <th>{t("inFile")}</th>
            <th>{t("here")}</th>
            <th>{t("decision")}</th>
          </tr>
        </thead>
        <tbody>
          {data.duplicates.map((duplicate) => (
            <DuplicateRow key={duplicate.ref} duplicate={duplicate} />
          ))}
        </tbody>
      </table>
      <Pages offset={offset} size={size} total={data.total} onMove={setOffset} />
    </>
  );
}

interface Shown {
  readonly given_name: string;
  readonly family_name: string;
  readonly date_of_birth: string;
  readonly phone: string | null;
}
function Person({ person, where }: { person: Shown; where: string }) {
  return (
    <>
      <b>
        {person.given_name} {person.family_name}
      </b>
      <span className="t2 block small tab">
        {[dateText(person.date_of_birth), person.phone, where].filter(Boolean).join(" · ")}
      </span>
    </>
  );
}

function DuplicateRow({ duplicate }: { duplicate: Duplicate }) {
  const t = useT("moving");
  const decide = useAct("imports.decide");
  const { person, candidates, decision, chosen } = duplicate;
  const several = candidates.length > 1;
  const value = decision === "same" ? `same:${chosen}` : decision;
  const options = [
    ...candidates.map(({ where }, index) => ({
      value: `same:${index}`,
      label: several ? t("sameAs", { where }) : t("same"),
    })),
    { value: "new", label: t("new") },
    { value: "skip", label: t("skip") },
  ];
  const change = (next: string) => {
    const [is = "new", candidate = "0"] = next.split(":");
    void decide.act({ ref: duplicate.ref, is: is as "new", candidate: Number(candidate) }).then(refreshDesk);
  };
  return (
    <tr>
      <td>
        <Person
          person={person}
          where={[`${t("line")} ${person.line}`, person.key].filter((part) => part !== null).join(", ")}
        />
      </td>
      <td>
        <ul className="stack">
          {candidates.map((candidate) => (
            <li key={candidate.where} className="row g3">
              <span className="grow">
                <Person person={candidate} where={candidate.where} />
              </span>
              <Chip tone={candidate.why === "like" || candidate.why === "other" ? "look" : "info"}>
                {t(`why.${candidate.why}`)}
              </Chip>
            </li>
          ))}
        </ul>
      </td>
      <td>
        <Select
          label={`${person.given_name} ${person.family_name}: ${t("decision")}`}
          hideLabel
          value={value}
          options={options}
          onChange={change}
        />
      </td>
    </tr>
  );
}
