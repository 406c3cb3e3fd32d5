import { MessageChannel } from "node:worker_threads";
import { expect, test } from "vitest";
import { nodePort } from "../../src-shared/transport/port.ts";
import { mapStore } from "../secrets/map-store.ts";
import { remoteSecrets, serveSecrets } from "./secrets-channel.ts";

test("the engine uses the main process' secrets as if they were its own", async () => {
  const { port1, port2 } = new MessageChannel();
  const server = serveSecrets(
    nodePort(port1),
    mapStore("keyring:test", {}, async () => {}),
  );
  const secrets = await remoteSecrets(nodePort(port2));
  expect(secrets.provider).toBe("keyring:test");
  expect(await secrets.get("key")).toBeNull();
  await secrets.set("key", "value");
  expect(await secrets.get("key")).toBe("value");
  await secrets.delete("key");
  expect(await secrets.get("key")).toBeNull();
  await expect(secrets.set("key", "x".repeat(1001))).rejects.toThrow();
  await server.close();
  await expect(secrets.get("key")).rejects.toThrow();
});

test("a keeper that fails there fails here", async () => {
  const { port1, port2 } = new MessageChannel();
  const locked = { ...mapStore("keyring:test", {}, async () => {}), get: () => Promise.reject(new Error("locked")) };
  const server = serveSecrets(nodePort(port1), locked);
  const secrets = await remoteSecrets(nodePort(port2));
  await expect(secrets.get("key")).rejects.toThrow("locked");
  await server.close();
});
