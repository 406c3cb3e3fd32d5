/** The part of a terminal's input that is used. */
export interface TerminalInput {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(event: "data", listener: (chunk: Buffer | string) => void): unknown;
  off(event: "data", listener: (chunk: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface Terminal {
  readonly input: TerminalInput;
  readonly output: { write(text: string): unknown };
}

/**
 * Asks for a passphrase without showing it; null when there is no terminal, or the person gave up. One that is being
 * chosen is asked for twice, since a mistyped one could never be typed again.
 */
export async function askPassphrase(isNew: boolean, { input, output }: Terminal): Promise<string | null> {
  if (!input.isTTY) return null;
  if (!isNew) return readHidden("Passphrase of this data: ", { input, output });
  output.write(
    "This computer has no keychain that Horopter can use, so a passphrase will protect the data.\n" +
      "It is asked for at each start and nobody can recover it. Four or more words are good.\n",
  );
  for (;;) {
    const first = await readHidden("New passphrase: ", { input, output });
    if (first === null) return null;
    const second = await readHidden("The same again: ", { input, output });
    if (second === null) return null;
    if (first === second) return first;
    output.write("The two differ.\n");
  }
}

function readHidden(prompt: string, { input, output }: Terminal): Promise<string | null> {
  output.write(prompt);
  input.setRawMode?.(true);
  input.resume();
  const typed: string[] = [];
  return new Promise((resolve) => {
    const finish = (answer: string | null) => {
      input.off("data", listener);
      input.setRawMode?.(false);
      input.pause();
      output.write("\n");
      resolve(answer);
    };
    const listener = (chunk: Buffer | string) => {
      for (const character of chunk.toString()) {
        if (character === "\r" || character === "\n") return finish(typed.join(""));
        // Ctrl-C and Ctrl-D arrive as characters in raw mode.
        if (character === "\u0003" || character === "\u0004") return finish(null);
        if (character === "\u007f" || character === "\b") typed.pop();
        else if (character >= " ") typed.push(character);
      }
    };
    input.on("data", listener);
  });
}
