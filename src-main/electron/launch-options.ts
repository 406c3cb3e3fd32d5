/** The data folder asked for on the command line: `--folder=<path>` or `--folder <path>`. */
export const folderIn = (args: readonly string[]): string | undefined => valueIn(args, "--folder");

/** The backup that is to take the data's place: `--restore=<path>` or `--restore <path>`. */
export const restoreIn = (args: readonly string[]): string | undefined => valueIn(args, "--restore");

function valueIn(args: readonly string[], option: string): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (arg.startsWith(`${option}=`)) return arg.slice(option.length + 1) || undefined;
    if (arg === option) return args[index + 1];
  }
  return undefined;
}
