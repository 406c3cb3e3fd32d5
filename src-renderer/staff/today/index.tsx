/** What waits for this person here, now. */
import { FlaskConical, Glasses, UserPlus } from "lucide-react";
import { useState } from "react";
import { useLive } from "../../api/index.ts";
import { addTexts, Button, Chip, go, Money, PageHead, useShortcuts, useT, When, Work } from "../../ui/index.ts";
import { NextPatients } from "../diary/index.tsx";
import { useAdvance } from "../lab/index.tsx";
import { RegisterPatient } from "../patients/index.tsx";
import { useSession } from "../shell/session.tsx";
import { enGB } from "./en-GB.ts";
import { Handoffs } from "./handoffs.tsx";

addTexts("today", enGB);

export default function Today() {
  const t = useT("today");
  const { may, device, branch } = useSession();
  const [registering, setRegistering] = useState(false);
  const sells = may("pos:access") && ["till", "single", "hq"].includes(device.profile);
  const hasPeople = device.profile !== "lab" && may("patients:view");
  useShortcuts([
    { keys: "F4", label: t("newSale"), group: t("title"), when: sells, run: () => go("/till") },
    {
      keys: "F2",
      label: t("register"),
      group: t("title"),
      when: hasPeople && may("patients:create"),
      run: () => setRegistering(true),
    },
  ]);
  const day = new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: branch.timeZone,
  }).format(Date.now());
  return (
    <Work
      head={
        <PageHead title={t("title")} meta={day}>
          {hasPeople && may("patients:create") ? (
            <Button icon={UserPlus} keys="F2" onClick={() => setRegistering(true)}>
              {t("register")}
            </Button>
          ) : null}
          {sells ? (
            <Button variant="primary" icon={Glasses} keys="F4" onClick={() => go("/till")}>
              {t("newSale")}
            </Button>
          ) : null}
        </PageHead>
      }
    >
      {hasPeople && may("appointments:view") && device.profile !== "till" ? <NextPatients /> : null}
      {hasPeople ? <Handoffs canDispense={sells} /> : null}
      {["exam", "single"].includes(device.profile) && may("exams:create") ? <Drafts /> : null}
      {may("orders:view") ? <Bench /> : null}
      {sells && may("invoices:view") ? <Collections canMove={may("orders:update_status")} /> : null}
      {sells && may("invoices:view") ? <Takings /> : null}
      {registering ? (
        <RegisterPatient onClose={() => setRegistering(false)} onDone={(id) => go(`/patients/${id}`)} />
      ) : null}
    </Work>
  );
}

/** Glasses that wait here. Who collects pays first what is still due. */
function Collections({ canMove }: { canMove: boolean }) {
  const t = useT("today");
  const { data } = useLive("dispensing.collections");
  const { move, dialog } = useAdvance();
  if (!data || data.jobs.length === 0) return null;
  return (
    <section className="today-part">
      <h2 className="section pad">{t("collect")}</h2>
      <table className="tbl">
        <thead>
          <tr>
            <th>{t("patient")}</th>
            <th>{t("job")}</th>
            <th>{t("since")}</th>
            <th className="num">{t("due")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {data.jobs.map((job) => (
            <tr key={job.id}>
              <td>
                <a href={`#/patients/${job.patient_id}`}>
                  <b>
                    {job.given_name} {job.family_name}
                  </b>
                </a>{" "}
                <span className="t3 tab">{job.phone}</span>
              </td>
              <td>
                <a className="tab" href={`#/lab/${job.id}`}>
                  {job.number}
                </a>{" "}
                {job.stage === "received_branch" ? <Chip tone="look">{t("atBranch")}</Chip> : null}
              </td>
              <td>
                <When at={job.stage_at} mode="date" />
              </td>
              <td className="num">
                {job.balance > 0 ? (
                  <b>
                    <Money minor={job.balance} />
                  </b>
                ) : (
                  <span className="t3">{t("paid")}</span>
                )}
              </td>
              <td className="num">
                {job.stage === "received_branch" ? (
                  canMove ? (
                    <Button size="s" onClick={() => move(job.id, "ready")}>
                      {t("checkIn")}
                    </Button>
                  ) : null
                ) : job.balance > 0 ? (
                  <Button size="s" onClick={() => go(`/till/receipt/${job.sale_id}`)}>
                    {t("takeRest")}
                  </Button>
                ) : canMove ? (
                  <Button size="s" onClick={() => move(job.id, "collected")}>
                    {t("collected")}
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {dialog}
    </section>
  );
}

function Takings() {
  const t = useT("today");
  const { data } = useLive("dispensing.takings");
  if (!data) return null;
  return (
    <section className="today-part">
      <div className="row g3 pad">
        <h2 className="section">{t("takings")}</h2>
        <span className="push" />
        {data.byTender.map(({ tender, amount }) => (
          <Chip key={tender}>
            {tender.replaceAll("_", " ")} <Money minor={amount} />
          </Chip>
        ))}
      </div>
      {data.sales.length === 0 ? (
        <p className="pad t3">{t("noSales")}</p>
      ) : (
        <table className="tbl">
          <thead>
            <tr>
              <th>{t("sale")}</th>
              <th>{t("patient")}</th>
              <th className="num">{t("total")}</th>
              <th className="num">{t("balance")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {data.sales.map((sale) => (
              <tr key={sale.id}>
                <td>
                  <a className="tab" href={`#/till/receipt/${sale.id}`}>
                    {sale.number}
                  </a>
                </td>
                <td>{[sale.given_name, sale.family_name].filter(Boolean).join(" ")}</td>
                <td className="num">
                  <Money minor={sale.total} />
                </td>
                <td className="num">{sale.balance > 0 ? <Money minor={sale.balance} /> : ""}</td>
                <td className="num t3">
                  <When at={sale.at} mode="time" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Bench() {
  const t = useT("today");
  const { data } = useLive("lab.board");
  if (!data) return null;
  return (
    <section className="pad row g3">
      <FlaskConical className="i l t3" aria-hidden />
      <span>{t("bench", { count: data.jobs.length, late: data.late })}</span>
      <a href="#/lab">{t("board")}</a>
    </section>
  );
}

function Drafts() {
  const t = useT("today");
  const { data } = useLive("exams.list");
  const mine = data?.drafts.filter((draft) => draft.mine) ?? [];
  return (
    <section className="today-part">
      <div className="row g3 pad">
        <h2 className="section">{t("drafts")}</h2>
        <span className="push" />
        <Button size="s" onClick={() => go("/exam")}>
          {t("startExam")}
        </Button>
      </div>
      <ul className="list">
        {mine.map((draft) => (
          <li key={draft.id}>
            <a className="pickrow" href={`#/exam/${draft.id}`}>
              <b>
                {draft.given_name} {draft.family_name}
              </b>
              <span className="t2 clip grow">{draft.reason}</span>
              <When at={draft.started_at} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
