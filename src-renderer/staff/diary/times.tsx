/** How long each kind of visit takes, and how long anybody may wait before it shows. */
import { useState } from "react";
import { type AppointmentKind, appointmentKinds } from "../../../src-shared/scheduling/states.ts";
import type { Patience } from "../../../src-shared/scheduling/waiting.ts";
import { send } from "../../api/index.ts";
import { Button, notify, TextInput, useT } from "../../ui/index.ts";

export function TimesForm({
  lengths,
  patience,
}: {
  lengths: Readonly<Record<AppointmentKind, number>>;
  patience: Patience;
}) {
  const t = useT("diary");
  const [minutes, setMinutes] = useState<Record<AppointmentKind, string>>(
    () =>
      Object.fromEntries(appointmentKinds.map((kind) => [kind, String(lengths[kind])])) as Record<
        AppointmentKind,
        string
      >,
  );
  const [look, setLook] = useState(String(patience.look));
  const [late, setLate] = useState(String(patience.late));
  const save = () =>
    void send("scheduling.saveTimes", {
      lengths: Object.fromEntries(appointmentKinds.map((kind) => [kind, Number(minutes[kind])])),
      patience: { look: Number(look), late: Number(late) },
    })
      .then(() => notify({ tone: "done", title: t("times.saved") }))
      .catch((error: Error) => notify({ tone: "look", title: error.message }));
  return (
    <section className="pad stack timesform">
      <h2 className="section">{t("times.title")}</h2>
      <p className="t2">{t("times.text")}</p>
      <div className="timesgrid">
        {appointmentKinds.map((kind) => (
          <TextInput
            key={kind}
            label={t(`kinds.${kind}`)}
            value={minutes[kind]}
            onChange={(value) => setMinutes({ ...minutes, [kind]: value })}
            unit="min"
            inputMode="numeric"
          />
        ))}
      </div>
      <div className="timesgrid">
        <TextInput
          label={`${t("times.patience")} ${t("times.look")}`}
          value={look}
          onChange={setLook}
          unit="min"
          inputMode="numeric"
        />
        <TextInput
          label={`${t("times.patience")} ${t("times.late")}`}
          value={late}
          onChange={setLate}
          unit="min"
          inputMode="numeric"
        />
      </div>
      <span>
        <Button onClick={save}>{t("save")}</Button>
      </span>
    </section>
  );
}
