/** Pictures of instruments, drawn by a worker of their own, so that no file can hold up the screen. */

import type { Why } from "./unreadable.ts";
import type { Answer, Question } from "./worker.ts";

/** A file that takes longer was made to, milliseconds. */
const patience = 30_000;

/** A picture cannot be drawn; `why` says it to a person. */
export class CannotDraw extends Error {
  readonly why: Why;
  constructor(why: Why) {
    super(why);
    this.why = why;
  }
}

/** Whether a file of this type is drawn by the worker. */
export const isDrawn = (mime: string): boolean => mime === "image/tiff" || mime === "application/dicom";

/**
 * Page `page` of a TIFF or DICOM file as an image that a browser shows.
 *
 * @throws CannotDraw
 */
export async function drawPage(file: Blob, page: number): Promise<{ image: Blob; pages: number }> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  let tooLong: ReturnType<typeof setTimeout> | undefined;
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
      worker.onerror = () => reject(new CannotDraw("damaged"));
      tooLong = setTimeout(() => reject(new CannotDraw("tooLarge")), patience);
      worker.postMessage({ file, page } satisfies Question);
    });
    if (answer.kind === "unreadable") throw new CannotDraw(answer.why);
    return answer;
  } finally {
    clearTimeout(tooLong);
    worker.terminate();
  }
}
