/** Selling a pair of glasses, step by step, by keyboard. Nothing is lost by going back or by a power cut. */
import { useEffect, useMemo, useRef, useState } from "react";
import { call, type Output, send, useAct, useLive } from "../../api/index.ts";
import {
  Button,
  Callout,
  FootBar,
  go,
  Money,
  PageHead,
  Steps,
  useQueryParam,
  useShortcuts,
  useT,
  Work,
} from "../../ui/index.ts";
import { type Basket, emptyBasket, measurementsOf, minorOf, type StepId, stepIds } from "./basket.ts";
import { WizardContext } from "./context.tsx";
import { CheckoutStep } from "./step-checkout.tsx";
import { FrameStep } from "./step-frame.tsx";
import { LensStep } from "./step-lenses.tsx";
import { MeasureStep } from "./step-measure.tsx";
import { PatientStep } from "./step-patient.tsx";

export type Preview = Output<"dispensing.preview">;
export type Start = Output<"dispensing.start">;
export type CatalogueItem = Output<"dispensing.catalogue">["items"][number];
export interface StepProps {
  readonly basket: Basket;
  readonly set: (change: Partial<Basket>) => void;
  readonly items: readonly CatalogueItem[];
  readonly preview: Preview | undefined;
  /** Whether `preview` is of what is in the basket now; what was there before stays in sight until then. */
  readonly priced: boolean;
  readonly start: Start | undefined;
  /** To the next step, as the primary button does. */
  readonly goOn: () => void;
}

export function Wizard({ patientId }: { patientId: string | null }) {
  // Asked for each time, and before anything can be typed: it would be lost to what was begun here before.
  const [kept, setKept] = useState<{ readonly basket: Basket | null } | null>(null);
  useEffect(() => void keptBasket().then((basket) => setKept({ basket })), []);
  return kept ? <Selling patientId={patientId} kept={kept.basket} /> : null;
}

function Selling({ patientId, kept }: { patientId: string | null; kept: Basket | null }) {
  const t = useT("dispensing");
  const handoff = useQueryParam("handoff");
  const [basket, setBasket, takeOn] = useKeptBasket(patientId, handoff, kept);
  const set = (change: Partial<Basket>) => setBasket((now) => ({ ...now, ...change }));
  const catalogue = useLive("dispensing.catalogue");
  const start = useLive(
    "dispensing.start",
    { patientId: basket.patientId ?? "" },
    { enabled: basket.patientId !== null },
  );
  const preview = useLive(
    "dispensing.preview",
    {
      patientId: basket.patientId ?? "",
      prescriptionId: basket.prescriptionId,
      frameId: basket.frameId,
      lensId: basket.lensId,
      coatingIds: [...basket.coatingIds],
      discount: minorOf(basket.discount),
      measurements: measurementsOf(basket.measures),
    },
    { enabled: basket.patientId !== null },
  );
  const checkout = useAct("dispensing.checkout");
  const items = catalogue.data?.items ?? [];
  const begun = basket.patientId ? start.data : undefined;
  const known = begun?.patient.id === basket.patientId ? begun : undefined;
  // The newest prescription that is still valid, unless somebody chose another one.
  useEffect(() => {
    if (!known || basket.prescriptionId) return;
    // What an amendment corrected is issued again for the same exam: the newest of it, not the one handed over.
    const handed = known.handoff?.prescription_id
      ? known.prescriptions.find((each) => each.exam_id === known.handoff?.exam_id)?.id
      : null;
    const rx =
      handed ??
      known.handoff?.prescription_id ??
      known.prescriptions.find((each) => each.expires_on >= known.today)?.id;
    if (rx)
      setBasket((now) =>
        now.prescriptionId
          ? now
          : { ...now, prescriptionId: rx, handoffId: now.handoffId ?? known.handoff?.id ?? null },
      );
  }, [known, basket.prescriptionId, setBasket]);

  const total = preview.data?.total ?? 0;
  const pay = () => {
    if (!basket.patientId) return;
    void checkout
      .act({
        patientId: basket.patientId,
        prescriptionId: basket.prescriptionId,
        handoffId: basket.handoffId,
        frameId: basket.frameId,
        lensId: basket.lensId,
        coatingIds: [...basket.coatingIds],
        extraIds: [],
        discount: minorOf(basket.discount),
        measurements: measurementsOf(basket.measures),
        rush: basket.rush,
        note: null,
        tenders: basket.tenders
          .filter(({ amount }) => amount.trim() !== "")
          .map(({ tender, amount, reference }) => ({ tender, amount: minorOf(amount), reference: reference || null })),
      })
      .then((done) => {
        setBasket(emptyBasket);
        go(`/till/receipt/${done.saleId}?new=1`);
      })
      .catch(() => {});
  };
  const move = (to: StepId | undefined) => to && set({ step: to });
  const at = stepIds.indexOf(basket.step);
  const next = stepIds[at + 1];
  const stops = basket.step === "pay" ? preview.data?.findings.find(({ severity }) => severity === "block") : undefined;
  const waits = !basket.patientId ? t("needPatient") : stops?.message;
  const goOn = () => (waits ? undefined : basket.step === "pay" ? pay() : move(next));
  useShortcuts([
    ...stepIds.map((id, index) => ({
      keys: `Alt+${index + 1}`,
      label: t(`steps.${id}`),
      group: t("title"),
      run: () => move(id),
    })),
    { keys: "Ctrl+Enter", label: basket.step === "pay" ? t("payDo") : t("keys.step"), group: t("title"), run: goOn },
    { keys: "Escape", label: t("keys.back"), group: t("title"), run: () => move(stepIds[at - 1]) },
  ]);
  const findings = preview.data?.findings ?? [];
  const priced = preview.data !== undefined && !preview.isPlaceholderData;
  const steps = useMemo(() => stepStates(basket, known, items, findings, t), [basket, known, items, findings, t]);
  const props: StepProps = { basket, set, items, preview: preview.data, priced, start: known, goOn };
  const promised = items.find((item) => item.id === basket.lensId)?.details.lead_days;
  return (
    <Work
      side={<Steps steps={steps} current={basket.step} onSelect={(id) => move(id as StepId)} />}
      context={known ? <WizardContext {...props} start={known} /> : undefined}
      head={
        <PageHead
          title={t(`steps.${basket.step}`)}
          meta={known ? `${known.patient.given_name} ${known.patient.family_name}` : undefined}
        />
      }
      foot={
        <FootBar
          actions={
            basket.step === "pay" ? (
              <Button variant="primary" size="big" keys="Ctrl Enter" busy={checkout.busy} waits={waits} onClick={pay}>
                {t("payDo")} <Money minor={basket.tenders.reduce((sum, row) => sum + minorOf(row.amount), 0)} />
              </Button>
            ) : (
              <Button variant="primary" size="big" keys="Ctrl Enter" waits={waits} onClick={goOn}>
                {t(`next.${next}`)}
              </Button>
            )
          }
        >
          <dl className="totals">
            <div className="big">
              <dt>{t("totalSoFar")}</dt>
              <dd>
                <Money minor={total} />
              </dd>
            </div>
            {preview.data && total > 0 ? (
              <div>
                <dt>{t("deposit", { percent: preview.data.depositPercent })}</dt>
                <dd>
                  <Money minor={preview.data.deposit} />
                </dd>
              </div>
            ) : null}
            {typeof promised === "number" ? (
              <div>
                <dt>{t("ready")}</dt>
                <dd>{t("days", { count: promised })}</dd>
              </div>
            ) : null}
          </dl>
        </FootBar>
      }
      hints={[
        { keys: "Alt 1 – 5", label: t("keys.step") },
        { keys: "↑ ↓", label: t("keys.choose") },
        { keys: "Esc", label: t("keys.back") },
      ]}
    >
      {checkout.error ? (
        <div className="pad">
          <Callout tone="stop">{checkout.error.message}</Callout>
        </div>
      ) : null}
      {basket.step === "patient" ? <PatientStep {...props} takeOn={takeOn} /> : null}
      {basket.step === "frame" ? <FrameStep {...props} /> : null}
      {basket.step === "lenses" ? <LensStep {...props} /> : null}
      {basket.step === "measure" ? <MeasureStep {...props} /> : null}
      {basket.step === "pay" ? <CheckoutStep {...props} /> : null}
    </Work>
  );
}

const keptBasket = (): Promise<Basket | null> =>
  call("dispensing.draft").then(
    (draft) => draft as unknown as Basket | null,
    () => null,
  );

/** The basket of last time, unless this one is for somebody else. */
function useKeptBasket(patientId: string | null, handoffId: string | null, kept: Basket | null) {
  const goOn = (begun: Basket | null): Basket | null =>
    begun && (patientId === null || begun.patientId === patientId)
      ? { ...emptyBasket, ...begun, handoffId: handoffId ?? begun.handoffId }
      : null;
  const [basket, setBasket] = useState<Basket>(
    () => goOn(kept) ?? { ...emptyBasket, patientId, handoffId, step: patientId ? "frame" : "patient" },
  );
  const saved = useRef(basket);
  const unsaved = useRef<Basket | null>(null);
  useEffect(() => {
    if (saved.current === basket) return;
    saved.current = basket;
    unsaved.current = basket;
    const timer = setTimeout(() => saveDraft(unsaved), 250);
    return () => clearTimeout(timer);
  }, [basket]);
  // Who leaves the till in the middle of a word has typed it.
  useEffect(() => () => saveDraft(unsaved), []);
  const takeOn = (userId: string) =>
    void send("dispensing.takeOn", { userId })
      .then(keptBasket)
      .then((begun) => setBasket((now) => goOn(begun) ?? now))
      .catch(() => {});
  return [basket, setBasket, takeOn] as const;
}

function saveDraft(unsaved: { current: Basket | null }): void {
  const basket = unsaved.current;
  unsaved.current = null;
  if (!basket) return;
  void send("dispensing.saveDraft", basket.patientId ? (basket as unknown as Record<string, unknown>) : null).catch(
    () => {},
  );
}

function stepStates(
  basket: Basket,
  start: Start | undefined,
  items: readonly CatalogueItem[],
  findings: Preview["findings"],
  t: (key: string, values?: Record<string, unknown>) => string,
) {
  const name = (id: string | null) => items.find((item) => item.id === id)?.name;
  const blocked = (rules: readonly string[]) =>
    findings.some((finding) => finding.severity === "block" && rules.includes(finding.rule));
  const state = (done: boolean, warn = false) =>
    warn ? ("warn" as const) : done ? ("ok" as const) : ("todo" as const);
  return [
    {
      id: "patient",
      label: t("steps.patient"),
      keys: "Alt 1",
      detail: start ? `${start.patient.given_name} ${start.patient.family_name}` : undefined,
      state: state(Boolean(start), blocked(["expired", "other-patient", "restricted"])),
    },
    {
      id: "frame",
      label: t("steps.frame"),
      keys: "Alt 2",
      detail: name(basket.frameId),
      state: state(Boolean(basket.frameId)),
    },
    {
      id: "lenses",
      label: t("steps.lenses"),
      keys: "Alt 3",
      detail: name(basket.lensId),
      state: state(Boolean(basket.lensId), blocked(["envelope", "add-missing"])),
    },
    {
      id: "measure",
      label: t("steps.measure"),
      keys: "Alt 4",
      state: state(
        Object.keys(measurementsOf(basket.measures)).length > 1,
        findings.some(({ rule }) => rule === "fitting" || rule === "vertex"),
      ),
    },
    { id: "pay", label: t("steps.pay"), keys: "Alt 5", state: "todo" as const },
  ];
}
