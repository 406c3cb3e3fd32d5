import fc from "fast-check";
import { expect, test } from "vitest";
import { keptAmong, keptId, type Merged } from "./merged.ts";

const ids = ["a", "b", "c", "d", "e", "f"];
const edges = fc
  .array(fc.option(fc.record({ into: fc.constantFrom(...ids, "nowhere"), at: fc.nat(9) })), {
    minLength: ids.length,
    maxLength: ids.length,
  })
  .map(
    (list) =>
      new Map<string, Merged>(
        ids.flatMap((id, index) => {
          const edge = list[index];
          return edge && edge.into !== id ? [[id, { into: edge.into, stamp: `00${edge.at}` }]] : [];
        }),
      ),
  );
const mergedOf = (map: Map<string, Merged>) => (id: string) => map.get(id) ?? null;

test("two branches merged two records in opposite directions: the earlier merge stands", () => {
  const map = new Map([
    ["a", { into: "b", stamp: "001" }],
    ["b", { into: "a", stamp: "002" }],
  ]);
  expect([keptId("a", mergedOf(map)), keptId("b", mergedOf(map))]).toEqual(["b", "b"]);
});

test("whatever was merged into whatever, there is one kept record, and it stands for itself", () => {
  fc.assert(
    fc.property(edges, fc.constantFrom(...ids), (map, id) => {
      const kept = keptId(id, mergedOf(map));
      expect(keptId(kept, mergedOf(map))).toBe(kept);
    }),
  );
});

test("a record and what it was merged into are one, save for one merge of a ring", () => {
  fc.assert(
    fc.property(edges, (map) => {
      const apart = [...map].filter(([id, { into }]) => keptId(id, mergedOf(map)) !== keptId(into, mergedOf(map)));
      expect(apart).toEqual([]);
    }),
  );
});

test("merging a third record into a ring leaves the kept one as it is", () => {
  fc.assert(
    fc.property(edges, fc.constantFrom(...ids), (map, id) => {
      const kept = keptId(id, mergedOf(map));
      const more = new Map(map).set("new", { into: id, stamp: "999" });
      expect(keptId(id, mergedOf(more))).toBe(kept);
      expect(keptId("new", mergedOf(more))).toBe(kept);
    }),
  );
});

test("of rows that hang together, those behind the kept one are named", () => {
  const row = (id: string, into: string | null) => ({ id, hlc: "001", clocks: null, merged_into_id: into });
  const found = keptAmong("a", [row("a", "b"), row("b", null), row("c", "b"), row("x", null)]);
  expect(found?.kept.id).toBe("b");
  expect(found?.others.map(({ id }) => id)).toEqual(["a", "c"]);
  expect(keptAmong("a", [row("a", "has not arrived")])?.kept.id).toBe("a");
  expect(keptAmong("gone", [row("a", null)])).toBeNull();
});
