import { expect, test } from "vitest";
import { routeIn, routeOf } from "./deep-links.ts";
import { folderIn, restoreIn } from "./launch-options.ts";

const id = "018f3e5a9b7c7d2e8f1a2b3c4d5e6f70";

test("a link names a thing, which the page shows", () => {
  expect(routeOf(`horopter://open/job/${id}`)).toBe(`/open/job/${id}`);
  expect(routeIn(["/opt/Horopter/horopter", "--folder=/d", `horopter://open/case/${id}`])).toBe(`/open/case/${id}`);
  expect(routeIn(["horopter", "."])).toBeNull();
});

test.each([
  `https://open/job/${id}`,
  `horopter://delete/job/${id}`,
  `horopter://open/user/${id}`,
  `horopter://open/job/${id}/pay`,
  `horopter://open/job/${id}?then=pay`,
  `horopter://open/job/${id}#x`,
  `horopter://open/job/${id.toUpperCase()}`,
  `horopter://open/job/../../${id}`,
  "horopter://open/job/42",
  "horopter:",
  "",
])("a link asks for nothing else: %s", (link) => {
  expect(routeOf(link)).toBeNull();
});

test("the data folder may be named on the command line", () => {
  expect(folderIn(["horopter", "--folder=/data"])).toBe("/data");
  expect(folderIn(["electron", ".", "--folder", "/data"])).toBe("/data");
  expect(folderIn(["horopter", "--folder="])).toBeUndefined();
  expect(folderIn(["horopter"])).toBeUndefined();
  expect(restoreIn(["horopter", "--folder", "/data", "--restore", "/disk/b.db"])).toBe("/disk/b.db");
});
