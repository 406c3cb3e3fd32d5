/** Ending an exam: signing, signing for a countersignature, countersigning; whichever is this person's to do. */
import { toUiError, useAct } from "../../api/index.ts";
import { notify, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import type { Autosave } from "./autosave.ts";
import { besideNotice, focusHalf, focusKey } from "./moving.ts";
import type { Detail } from "./opened.ts";
import { entryLabel, type ShownSection } from "./words.ts";

export function useSigning(data: Detail, save: Autosave, form: readonly ShownSection[]) {
  const t = useT("exams");
  const { person, permissions } = useSession();
  const scope = permissions["exams:finalize"];
  const { id } = data.exam;
  const { submission } = data;
  const sign = useAct("exams.sign");
  const submit = useAct("exams.submit");
  const countersign = useAct("exams.countersign");
  const explained = data.items.some(({ list, data: said }) => list === "declined" && said.test === "referral");
  const countersigns = submission !== null && scope !== undefined && scope !== "S" && submission.authorId !== person.id;
  // Who may not sign at all has nothing to press; a trainee signs for somebody else.
  const act = scope === undefined ? null : countersigns ? t("countersign") : scope === "S" ? t("submit") : t("sign");

  const end = async () => {
    if (countersigns) await countersign.act({ id, submissionId: submission.id });
    else if (scope === "S") await submit.act({ id });
    else await sign.act({ id });
  };
  const finish = async () => {
    (document.activeElement as HTMLElement | null)?.blur();
    await save.flush();
    const { held, trouble } = save.state;
    const [first] = held;
    if (first !== undefined) {
      const field = entryLabel(form, first);
      notify({ tone: "stop", title: t("signHeld", { field, message: save.held(first)?.message ?? "" }) });
      focusKey(first, besideNotice);
      return;
    }
    if (focusHalf()) {
      notify({ tone: "stop", title: t("signHalf") });
      return;
    }
    if (trouble !== null) {
      notify({ tone: "stop", title: t("signLost") });
      return;
    }
    try {
      await end();
      notify({ tone: "done", title: t(scope === "S" ? "submitted" : "signed") });
      // Never a block: the letter is often written when the patient has gone.
      if (save.value("outcome") === "refer" && data.letters === 0 && !explained)
        notify({ tone: "look", title: t("noLetter"), body: t("noLetterText") });
    } catch (error) {
      const { message, args } = toUiError(error);
      notify({ tone: "stop", title: message });
      const field = typeof args.field === "string" ? args.field : "";
      if (!focusKey(field, besideNotice)) focusKey(field.replace(/^([rl])_(\w+)$/, "subjective.$2.$1"), besideNotice);
    }
  };
  return {
    act,
    countersigns,
    busy: sign.busy || submit.busy || countersign.busy,
    finish: () => void finish(),
  };
}
