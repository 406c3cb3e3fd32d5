/** The data folder asked for on the command line: `--folder=<path>` or `--folder <path>`. */
export function folderIn(args: readonly string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (arg.startsWith("--folder=")) return arg.slice("--folder=".length) || undefined;
    if (arg === "--folder") return args[index + 1];
  }
  return undefined;
}
