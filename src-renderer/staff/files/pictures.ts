/** Which files are seen as pictures. */
import { showsItself } from "../../../src-shared/files/recognise.ts";
import { isDrawn } from "./decode/index.ts";

/** Whether it is seen as a picture, by itself or drawn first. */
export const isPicture = (mime: string): boolean => showsItself(mime) || isDrawn(mime);
