import { expect, test } from "vitest";
import { isOfOrigin, isOwnSender, senderOf } from "./senders.ts";

const origin = "app://horopter";
const windows = new Set([1, 2]);
const own = { webContentsId: 1, url: "app://horopter/patients/1?tab=rx", isMainFrame: true };

test("our page in a window of ours is listened to", () => {
  expect(isOwnSender(own, windows, origin)).toBe(true);
});

test.each([
  ["another window", { webContentsId: 3 }],
  ["a frame inside the page", { isMainFrame: false }],
  ["a frame that is gone", { url: null }],
  ["a page from the network", { url: "https://attacker.example/" }],
  ["a page of a host that begins like ours", { url: "app://horopter.attacker/" }],
  ["a page with our name as its user", { url: "app://horopter@attacker/" }],
  ["a file", { url: "file:///app/index.html" }],
  ["an empty page", { url: "about:blank" }],
  ["nonsense", { url: "" }],
])("%s is not", (_who, difference) => {
  expect(isOwnSender({ ...own, ...difference }, windows, origin)).toBe(false);
});

test("an event says who sent it", () => {
  const frame = { url: "app://horopter/", parent: null };
  expect(senderOf({ sender: { id: 7 }, senderFrame: frame })).toEqual({
    webContentsId: 7,
    url: frame.url,
    isMainFrame: true,
  });
  expect(senderOf({ sender: { id: 7 }, senderFrame: { ...frame, parent: frame } }).isMainFrame).toBe(false);
  expect(senderOf({ sender: { id: 7 }, senderFrame: null })).toEqual({
    webContentsId: 7,
    url: null,
    isMainFrame: false,
  });
});

test("origins are compared by their parts", () => {
  expect(isOfOrigin("APP://horopter/x", origin)).toBe(true);
  expect(isOfOrigin("app://horopter:80/", origin)).toBe(false);
  expect(isOfOrigin("app:horopter", origin)).toBe(false);
});
