/** The examples of the Amazon S3 API Reference, "Examples: Signature Calculations". */
import { expect, test } from "vitest";
import { signS3 } from "./sigv4.ts";

const keys = { id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const place = { keys, region: "us-east-1", at: Date.UTC(2013, 4, 24) };
const bucket = "https://examplebucket.s3.amazonaws.com";
const nothing = new Uint8Array();

test.each([
  [
    "an object, in part",
    { method: "GET", url: new URL(`${bucket}/test.txt`), headers: { range: "bytes=0-9" }, body: nothing },
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  ],
  [
    "an object to keep",
    {
      method: "PUT",
      url: new URL(`${bucket}/test$file.text`.replace("$", "%24")),
      headers: { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
      body: new TextEncoder().encode("Welcome to Amazon S3."),
    },
    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  ],
  [
    "a query without a value",
    { method: "GET", url: new URL(`${bucket}/?lifecycle`), headers: {}, body: nothing },
    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  ],
  [
    "a query of two",
    { method: "GET", url: new URL(`${bucket}/?max-keys=2&prefix=J`), headers: {}, body: nothing },
    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  ],
])("%s is signed as published", (_, request, signature) => {
  expect(signS3(request, place).authorization).toMatch(new RegExp(`Signature=${signature}$`));
});
