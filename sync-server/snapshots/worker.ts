/** The worker thread: takes one task after the other and answers each; see `files.ts` for what they do. */
import { parentPort } from "node:worker_threads";
import { type Building, build, copy, describe, digest, forward, removeFile } from "./files.ts";
import type { Answer, Question, Tasks } from "./thread.ts";

if (!parentPort) throw new Error("This is a worker thread of the sync server");
const port = parentPort;
let building: Building | null = null;

const tasks: { [K in keyof Tasks]: (input: Tasks[K]["input"]) => unknown } = {
  begin({ file, snapshot }) {
    building?.abandon();
    building = build(file, snapshot);
  },
  add({ entity, rows, count }) {
    building?.add(entity, rows, count);
  },
  finish() {
    building?.finish();
    building = null;
  },
  describe,
  forward: ({ file, rows, to }) => forward(file, rows, to),
  copy: ({ from, to }) => copy(from, to),
  digest,
  remove: removeFile,
};

port.on("message", ({ id, task, input }: Question) => {
  let answer: Answer;
  try {
    answer = { id, output: tasks[task](input as never) };
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    answer = { id, error: message, ...(code !== undefined && { code }) };
  }
  port.postMessage(answer);
});
