import { expect, test } from "vitest";
import { createPortBroker } from "./port-broker.ts";

function createWorld() {
  let channels = 0;
  const engine: [string, string][] = [];
  const given: [number, string | null][] = [];
  const broker = createPortBroker<string>({
    createChannel() {
      channels += 1;
      return { port1: `page-${channels}`, port2: `engine-${channels}` };
    },
    connectEngine: (connection, port) => engine.push([connection, port]),
  });
  const window = (id: number) => ({ id, give: (port: string | null) => given.push([id, port]) });
  return { broker, engine, given, window };
}

test("each window has a channel of its own, under a name that stays", () => {
  const { broker, engine, given, window } = createWorld();
  broker.connect(window(1));
  broker.connect(window(2));
  broker.connect(window(1));
  expect(given).toEqual([
    [1, "page-1"],
    [2, "page-2"],
    [1, "page-3"],
  ]);
  expect(engine).toEqual([
    ["window-1", "engine-1"],
    ["window-2", "engine-2"],
    ["window-1", "engine-3"],
  ]);
});

test("all windows that are still there hear that the engine is gone, and are connected to a new one", () => {
  const { broker, given, window } = createWorld();
  broker.connect(window(1));
  broker.connect(window(2));
  broker.forget(1);
  given.length = 0;
  broker.drop();
  broker.renew();
  expect(given).toEqual([
    [2, null],
    [2, "page-3"],
  ]);
});
