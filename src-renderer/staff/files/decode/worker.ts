/** Draws pictures of instruments away from the screen. One question, one answer; whoever asks ends it when it takes too long. */
import { drawDicom } from "./dicom.ts";
import { drawTiff } from "./tiff.ts";
import { type Picture, Unreadable, type Why } from "./unreadable.ts";

export interface Question {
  readonly file: Blob;
  readonly page: number;
}
export type Answer =
  | { readonly kind: "drawn"; readonly image: Blob; readonly pages: number }
  | { readonly kind: "unreadable"; readonly why: Why };

const inPage = globalThis as unknown as {
  onmessage: (event: MessageEvent<Question>) => void;
  postMessage(answer: Answer): void;
};

inPage.onmessage = ({ data }) => {
  draw(data)
    .catch(
      (error: unknown): Answer => ({ kind: "unreadable", why: error instanceof Unreadable ? error.why : "damaged" }),
    )
    .then((answer) => inPage.postMessage(answer));
};

async function draw({ file, page }: Question): Promise<Answer> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (file.type === "image/tiff") {
    const { picture, pages } = await drawTiff(bytes, page);
    return { kind: "drawn", image: await inPng(picture), pages };
  }
  const { page: drawn, pages } = drawDicom(bytes, page);
  const image = drawn.kind === "jpeg" ? new Blob([drawn.bytes], { type: "image/jpeg" }) : await inPng(drawn.picture);
  return { kind: "drawn", image, pages };
}

function inPng({ width, height, rgba }: Picture): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new Unreadable("tooLarge", "no canvas of this size");
  context.putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}
