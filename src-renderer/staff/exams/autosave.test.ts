import fc from "fast-check";
import { expect, test } from "vitest";
import { Autosave, type Patch, type Surroundings, type Unkept } from "./autosave.ts";

class Refusal extends Error {}

/** A replica of one exam that keeps what it is sent, counts who is at work, and can be out of reach. */
function replica() {
  const kept: Record<string, unknown> = {};
  const state = {
    reachable: true,
    impossible: null as unknown,
    atWork: 0,
    most: 0,
    sent: [] as Patch[],
    unkept: [] as Record<string, Unkept>[],
  };
  const later: (() => void)[] = [];
  const around: Surroundings = {
    async send(patch) {
      state.atWork += 1;
      state.most = Math.max(state.most, state.atWork);
      state.sent.push(patch);
      await Promise.resolve();
      await Promise.resolve();
      state.atWork -= 1;
      if (!state.reachable) throw new Error("not reached");
      const values = { ...patch.fields, ...patch.entries };
      if (Object.values(values).includes(state.impossible)) throw new Refusal("No lens has this.");
      Object.assign(kept, values);
    },
    refused: (error) => (error instanceof Refusal ? error.message : null),
    now: () => 1,
    unkept: () => void state.unkept.push(save.unkept),
    after(_, run) {
      later.push(run);
      return () => void later.splice(later.indexOf(run), 1);
    },
  };
  const save: Autosave = new Autosave({ columns: {}, entries: {} }, around);
  return { save, kept, state, later };
}

test("text is kept after a rest, a cell at once", async () => {
  const { save, kept, later } = replica();
  save.set({ reason: "Routine" });
  expect(kept).toEqual({});
  for (const run of [...later]) run();
  await save.flush();
  save.set({ "subjective.sphere.r": 1750 }, true);
  await save.flush();
  expect(kept).toEqual({ reason: "Routine", "subjective.sphere.r": 1750 });
  expect(save.state).toEqual({ at: 1, trouble: null, held: [], busy: false });
});

test("columns and entries go where they belong", async () => {
  const { save, state } = replica();
  save.set({ outcome: "new_rx", "vision.own.r": "6/9" }, true);
  await save.flush();
  expect(state.sent).toEqual([{ fields: { outcome: "new_rx" }, entries: { "vision.own.r": "6/9" } }]);
});

test("what cannot be reached stays typed and is said, and goes with the next try", async () => {
  const { save, kept, state } = replica();
  state.reachable = false;
  save.set({ reason: "Headache" }, true);
  await save.flush();
  expect(save.value("reason")).toBe("Headache");
  expect(save.state.trouble).toBe("not reached");
  save.set({ reason: "Headaches" });
  state.reachable = true;
  await save.flush();
  expect(kept).toEqual({ reason: "Headaches" });
  expect(save.state.trouble).toBeNull();
});

test("one impossible value keeps no other back, stands with its reason, and goes when it is put right", async () => {
  const { save, kept, state } = replica();
  state.impossible = 99_000;
  save.set({ "a.x": 1, "a.y": 99_000, "a.z": 3 }, true);
  await save.flush();
  expect(kept).toEqual({ "a.x": 1, "a.z": 3 });
  expect(save.held("a.y")).toEqual({ value: 99_000, message: "No lens has this." });
  expect(save.state.held).toEqual(["a.y"]);
  save.set({ "a.y": 2 }, true);
  await save.flush();
  expect(kept["a.y"]).toBe(2);
  expect(save.state.held).toEqual([]);
});

test("another device's field shows at once; the one that is typed in is left alone, and theirs stands beside", () => {
  const { save } = replica();
  save.focus("reason");
  save.set({ reason: "Blurred" });
  save.take({ columns: { reason: "Routine", history: "Asthma" }, entries: {} });
  expect(save.value("history")).toBe("Asthma");
  expect(save.value("reason")).toBe("Blurred");
  expect(save.foreign("reason")).toBe("Routine");
  save.set({ reason: "Routine" });
  save.blur("reason");
  expect(save.foreign("reason")).toBeUndefined();
});

test("one's own words coming back are nobody else's", async () => {
  const { save } = replica();
  save.focus("reason");
  save.set({ reason: "Blur" }, true);
  await save.flush();
  save.set({ reason: "Blurred" });
  save.take({ columns: { reason: "Blur" }, entries: {} });
  expect(save.foreign("reason")).toBeUndefined();
  expect(save.value("reason")).toBe("Blurred");
});

test("however typing, saving and refreshing fall together, one save is under way and the last words are kept", async () => {
  const step = fc.oneof(
    fc.record({
      type: fc.constant("set" as const),
      key: fc.constantFrom("a", "b.c"),
      value: fc.nat(5),
      now: fc.boolean(),
    }),
    fc.record({ type: fc.constant("reach" as const), to: fc.boolean() }),
    fc.record({ type: fc.constant("take" as const) }),
    fc.record({ type: fc.constant("turn" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { save, kept, state } = replica();
      const last: Record<string, unknown> = {};
      for (const each of steps) {
        if (each.type === "set") {
          save.set({ [each.key]: each.value }, each.now);
          last[each.key] = each.value;
        } else if (each.type === "reach") state.reachable = each.to;
        else if (each.type === "take") {
          const { a, ...entries } = kept;
          save.take({ columns: a === undefined ? {} : { a }, entries });
        } else await Promise.resolve();
        for (const [key, value] of Object.entries(last)) expect(save.value(key)).toBe(value);
      }
      state.reachable = true;
      await save.flush();
      await save.flush();
      expect(kept).toEqual(last);
      expect(state.most).toBeLessThanOrEqual(1);
    }),
  );
});

test("each key press is told, until it is kept; another window goes on from what was told last", async () => {
  const { save, state } = replica();
  save.set({ reason: "Rout" });
  save.set({ reason: "Routi" });
  save.typing("subjective.sphere.r", "-1.");
  save.hold("pd.r", "x", "This is no distance.");
  expect(state.unkept.at(-1)).toEqual({
    reason: { value: "Routi", was: null },
    "subjective.sphere.r": { half: "-1." },
    "pd.r": { held: { value: "x", message: "This is no distance." } },
  });

  const { save: again, kept } = replica();
  again.resume(state.unkept.at(-1) ?? {});
  expect(again.value("reason")).toBe("Routi");
  expect(again.half("subjective.sphere.r")).toBe("-1.");
  expect(again.state.held).toEqual(["pd.r"]);
  await again.flush();
  expect(kept).toEqual({ reason: "Routi" });

  await save.flush();
  save.typing("subjective.sphere.r", null);
  save.letGo("pd.r");
  expect(state.unkept.at(-1)).toEqual({});
});

test("what somebody else wrote meanwhile is shown beside what was not kept", () => {
  const { save } = replica();
  save.take({ columns: { reason: "Theirs", advice: "Mine" }, entries: {} });
  save.resume({ reason: { value: "Mine", was: null }, advice: { value: "Mine", was: null } });
  expect(save.value("reason")).toBe("Mine");
  expect(save.foreign("reason")).toBe("Theirs");
  expect(save.foreign("advice")).toBeUndefined();
});
