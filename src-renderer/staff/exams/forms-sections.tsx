/** The sections of a form in their order: dragged or moved by keys, hidden ones below, new ones of the practice's own. */
import { ChevronsDownUp, GripVertical, Plus } from "lucide-react";
import { useState } from "react";
import type { FormSections } from "../../../src-shared/exams/form.ts";
import { sectionKeys } from "../../../src-shared/exams/sections.ts";
import { Button, Dialog, TextInput, translate, useT } from "../../ui/index.ts";

export function FormSectionList({
  form,
  chosen,
  choose,
  move,
  set,
}: {
  form: FormSections;
  chosen: string;
  choose: (section: string) => void;
  move: (from: number, to: number) => void;
  set: (form: FormSections) => void;
}) {
  const t = useT("forms");
  const [dragged, setDragged] = useState<string | null>(null);
  const [naming, setNaming] = useState(false);
  const hidden = sectionKeys.filter((key) => !form.some(({ section }) => section === key));
  const add = (section: string, label: string | null) => {
    set([...form, { section: section as FormSections[number]["section"], label, hidden: [], folded: false }]);
    choose(section);
  };
  return (
    <div className="form-sections">
      <h2 className="section" id="form-sections">
        {t("sections")}
      </h2>
      <p className="small t3">{t("sectionsHint")}</p>
      <ol aria-labelledby="form-sections">
        {form.map((entry, index) => (
          <li
            key={entry.section}
            draggable
            className={entry.section === dragged ? "is-dragged" : ""}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = "move";
              setDragged(entry.section);
              choose(entry.section);
            }}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              const from = form.findIndex(({ section }) => section === dragged);
              if (from !== index) move(from, index);
            }}
            onDragEnd={() => setDragged(null)}
          >
            <button type="button" aria-pressed={entry.section === chosen} onClick={() => choose(entry.section)}>
              <GripVertical className="i s t3" aria-hidden />
              <span className="grow clip">{nameOf(entry)}</span>
              {entry.folded ? <ChevronsDownUp className="i s t3" aria-label={t("folded")} /> : null}
            </button>
          </li>
        ))}
      </ol>
      <Button size="s" icon={Plus} onClick={() => setNaming(true)}>
        {t("ownSection")}
      </Button>
      <h3 className="label">{t("hidden")}</h3>
      {hidden.length === 0 ? <p className="small t3">{t("hiddenNone")}</p> : null}
      <div className="form-hidden">
        {hidden.map((section) => (
          <Button key={section} size="s" variant="quiet" onClick={() => add(section, null)}>
            {t("show", { name: translate("exams", `sections.${section}`) })}
          </Button>
        ))}
      </div>
      {naming ? (
        <NewSection
          taken={form.map(({ section }) => section)}
          onClose={() => setNaming(false)}
          add={(section, label) => {
            add(section, label);
            setNaming(false);
          }}
        />
      ) : null}
    </div>
  );
}
const nameOf = ({ section, label }: FormSections[number]) => label ?? translate("exams", `sections.${section}`);

function NewSection({
  taken,
  onClose,
  add,
}: {
  taken: readonly string[];
  onClose: () => void;
  add: (section: string, label: string) => void;
}) {
  const t = useT("forms");
  const [name, setName] = useState("");
  const make = () => {
    const label = name.trim();
    if (label) add(keyFor(label, taken), label);
  };
  return (
    <Dialog
      title={t("ownSection")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Enter" onClick={make}>
          {t("add")}
        </Button>
      }
    >
      <TextInput
        label={t("ownSectionName")}
        hint={t("ownSectionHint")}
        value={name}
        onChange={setName}
        onEnter={make}
        maxLength={80}
        autoComplete="off"
      />
    </Dialog>
  );
}

/** `own_` and letters of its name; the key stays when it is renamed. */
function keyFor(name: string, taken: readonly string[]): string {
  const plain =
    name
      .normalize("NFD")
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, "")
      .slice(0, 24) || "section";
  for (let number = 1; ; number++) {
    const key = `own_${plain}${number === 1 ? "" : number}`;
    if (!taken.includes(key)) return key;
  }
}
