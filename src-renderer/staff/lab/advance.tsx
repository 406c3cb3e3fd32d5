/** Moving a job on; glasses for a child or somebody sight impaired are handed out with a registrant there. */
import { useState } from "react";
import type { Stage } from "../../../src-shared/lab/stages.ts";
import { type Output, toUiError, useAct, useLive } from "../../api/index.ts";
import { Button, Callout, Dialog, notify, Select, TextInput, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";

interface Asking {
  readonly jobId: string;
  readonly to: Stage;
  readonly why: string;
}

/** `dialog` is to be shown wherever `move` is called from: it asks who is there, where the law wants somebody. */
export function useAdvance() {
  const { act } = useAct("lab.advance");
  const [asking, setAsking] = useState<Asking | null>(null);
  const move = (jobId: string, to: Stage) =>
    void act({ jobId, to }).catch((error: unknown) => {
      const { code, message, args } = toUiError(error);
      if (code === "REGISTRANT_NEEDED") setAsking({ jobId, to, why: String(args.why) });
      else notify({ tone: "look", title: message });
    });
  return { move, dialog: asking ? <AskForRegistrant {...asking} onClose={() => setAsking(null)} /> : null };
}

function AskForRegistrant(asking: Asking & { onClose: () => void }) {
  const { data } = useLive("lab.registrants");
  return data ? <WhoIsThere {...asking} known={data} /> : null;
}

function WhoIsThere({
  jobId,
  to,
  why,
  known,
  onClose,
}: Asking & { known: Output<"lab.registrants">; onClose: () => void }) {
  const t = useT("lab");
  const { person } = useSession();
  const advance = useAct("lab.advance");
  const [who, setWho] = useState(known.find(({ id }) => id === person.id)?.id ?? "");
  const [name, setName] = useState("");
  const [number, setNumber] = useState("");
  const colleague = known.find(({ id }) => id === who);
  const given = colleague ?? { name: name.trim(), number: number.trim() };
  const whole = given.name.length > 1 && given.number.length > 1;
  const hand = () => {
    if (!whole) return;
    void advance
      .act({ jobId, to, registrant: { name: given.name, number: given.number } })
      .then(onClose)
      .catch(() => {});
  };
  return (
    <Dialog
      title={t("registrant.title")}
      open
      onClose={onClose}
      actions={
        <Button
          variant="primary"
          keys="Ctrl Enter"
          busy={advance.busy}
          {...(whole ? {} : { waits: t("registrant.needed") })}
          onClick={hand}
        >
          {t("registrant.hand")}
        </Button>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          hand();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) hand();
        }}
      >
        <Callout tone="look" title={t(`registrant.why.${why}`)}>
          <p>{t("registrant.text")}</p>
        </Callout>
        <Select
          label={t("registrant.who")}
          value={who}
          onChange={setWho}
          options={[
            ...known.map(({ id, name: of, number: register }) => ({ value: id, label: `${of}, ${register}` })),
            { value: "", label: t("registrant.other") },
          ]}
        />
        {colleague ? null : (
          <div className="grid2">
            <TextInput label={t("registrant.name")} value={name} onChange={setName} autoComplete="off" autoFocus />
            <TextInput
              label={t("registrant.number")}
              value={number}
              onChange={setNumber}
              onEnter={hand}
              autoComplete="off"
            />
          </div>
        )}
        {advance.error ? <Callout tone="stop">{advance.error.message}</Callout> : null}
      </form>
    </Dialog>
  );
}
