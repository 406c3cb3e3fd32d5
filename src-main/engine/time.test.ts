import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTime } from "./time.ts";

/** A wall clock that is set by hand, beside a monotonic one that only runs. */
function clockAt(wall: number) {
  let offset = wall;
  let monotonic = 0;
  return {
    wall: () => offset + monotonic,
    monotonic: () => monotonic,
    run: (ms: number) => {
      monotonic += ms;
    },
    jump: (ms: number) => {
      offset += ms;
    },
  };
}
const day = 86_400_000;
const centre = Date.UTC(2026, 10, 21, 9);

describe("the time by the centre", () => {
  test("is right after one exchange, whatever the wall shows and however it jumped meanwhile", () => {
    const ms = fc.integer({ min: 0, max: 5000 });
    const jump = fc.integer({ min: -400 * day, max: 400 * day });
    fc.assert(
      fc.property(jump, jump, ms, ms, (wrong, jumped, there, back) => {
        const clock = clockAt(centre + wrong);
        const time = createTime(clock, 0, 0);
        const asked = clock.monotonic();
        clock.run(there);
        const t1 = centre + there;
        clock.jump(jumped);
        clock.run(back);
        time.learn({ t1, t2: t1, elapsed: clock.monotonic() - asked });
        // An exchange tells no more than its own length: the way there may have been all of it, or none.
        expect(Math.abs(time.now() - (centre + there + back))).toBeLessThanOrEqual((there + back) / 2 + 1);
      }),
    );
  });
  test("does not follow a wall clock that jumps afterwards, and goes on running", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3000, max: 400 * day }), fc.boolean(), (by, back) => {
        const clock = clockAt(centre);
        const time = createTime(clock, 0, 0);
        time.learn({ t1: centre, t2: centre, elapsed: 0 });
        clock.run(60_000);
        expect(time.now()).toBe(centre + 60_000);
        clock.jump(back ? -by : by);
        expect(time.now()).toBe(centre + 60_000);
        expect(time.suspect()).toBe(true);
        clock.run(1000);
        expect(time.now()).toBe(centre + 61_000);
      }),
    );
  });
  test("is never before the device was enrolled", () => {
    expect(createTime(clockAt(centre - 900 * day), 0, centre).now()).toBe(centre);
  });
});
