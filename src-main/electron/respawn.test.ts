import { expect, test } from "vitest";
import { createRespawnPolicy } from "./respawn.ts";

function createPolicy() {
  const clock = { now: 0 };
  return { clock, policy: createRespawnPolicy({ times: 3, period: 600_000, now: () => clock.now }) };
}

test("three deaths within ten minutes are healed, the fourth is told", () => {
  const { policy, clock } = createPolicy();
  const answers = [0, 1000, 2000, 3000].map((at) => {
    clock.now = at;
    return policy.died();
  });
  expect(answers).toEqual([true, true, true, false]);
});

test("deaths far apart are healed for ever", () => {
  const { policy, clock } = createPolicy();
  for (let day = 0; day < 50; day++) {
    clock.now += 200_001;
    expect(policy.died()).toBe(true);
  }
});

test("a person may ask for another try", () => {
  const { policy } = createPolicy();
  for (let death = 0; death < 4; death++) policy.died();
  policy.reset();
  expect(policy.died()).toBe(true);
});
