import { parseArgs } from "node:util";
import { refuse } from "../../src-shared/sync/ports.ts";

/** Which keeper the key of the data is to have; see `src-main/secrets`. */
export type SecretsChoice = "keyring" | "passphrase" | "key-file";

export interface HostArguments {
  readonly folder: string | undefined;
  /** The port to listen on; a free one when none was asked for. */
  readonly port: number | undefined;
  /** Whether to open the browser once it is ready. */
  readonly open: boolean;
  /** What this workstation is called where several run on one computer. */
  readonly name: string | undefined;
  /** One line of JSON on standard output instead of words, and an end when standard input does. */
  readonly json: boolean;
  readonly secrets: SecretsChoice | undefined;
  /** A folder on another disk in which backups of the data are kept. */
  readonly backups: string | undefined;
  /** A backup that takes the place of the data, before anything else. */
  readonly restore: string | undefined;
}

const usage = `Starts Horopter in the browser, on this computer only.

  --folder <path>   where the data is kept (default: HOROPTER_DATA, or this system's place for it)
  --port <number>   the port to listen on (default: a free one)
  --name <text>     what to call this workstation in the terminal
  --no-open         do not open the browser
  --json            one line of JSON when ready, and end when standard input is closed
  --secrets <kind>  keyring, passphrase or key-file; key-file protects nothing and is for demonstrations
                    (default: the keychain of this computer, else a passphrase)
  --backups <path>  a folder that is there, on a second disk for example, for backups of the data
                    (default: HOROPTER_BACKUPS, else the folder backups beside the data)
  --restore <file>  put this backup in the place of the data, which is moved aside and kept
`;

const kinds: readonly string[] = ["keyring", "passphrase", "key-file"] satisfies SecretsChoice[];

/** @throws Refusal `BAD_ARGUMENTS` that says which one, and what there is. */
export function readArguments(args: readonly string[]): HostArguments {
  const { values } = parse(args);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    throw bad(`--port must be a number from 1 to 65535, not "${values.port}"`);
  }
  if (values.secrets !== undefined && !kinds.includes(values.secrets)) {
    throw bad(`--secrets must be one of ${kinds.join(", ")}, not "${values.secrets}"`);
  }
  return {
    folder: values.folder,
    port,
    open: values.open,
    name: values.name,
    json: values.json,
    secrets: values.secrets as SecretsChoice | undefined,
    backups: values.backups,
    restore: values.restore,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        folder: { type: "string" },
        port: { type: "string" },
        open: { type: "boolean", default: true },
        name: { type: "string" },
        json: { type: "boolean", default: false },
        secrets: { type: "string" },
        backups: { type: "string" },
        restore: { type: "string" },
      },
    });
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error));
  }
}

function bad(reason: string) {
  return refuse("BAD_ARGUMENTS", `${reason}\n\n${usage}`);
}
