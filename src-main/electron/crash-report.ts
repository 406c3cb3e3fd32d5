/**
 * What of a dead process's last words may be logged: the kind of error and where it was, not its message, which may
 * hold what a person typed.
 */
export function crashPlaces(stderr: string): string[] {
  return stderr
    .split("\n")
    .map((line) => line.trim())
    .flatMap((line) => {
      if (line.startsWith("at ")) return [line];
      const kind = /^(?:Uncaught )?([A-Z]\w*Error)\b/.exec(line)?.[1];
      return kind ? [kind] : [];
    })
    .slice(0, 20);
}
