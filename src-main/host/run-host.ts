import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { refuse } from "../../src-shared/sync/ports.ts";
import { chooseSecretStore } from "../secrets/choose.ts";
import { keyFile } from "../secrets/key-file.ts";
import { keyring } from "../secrets/keyring.ts";
import { passphraseFile } from "../secrets/passphrase-file.ts";
import { exists } from "../secrets/private-file.ts";
import type { SecretCandidate } from "../secrets/store.ts";
import type { HostArguments, SecretsChoice } from "./arguments.ts";
import { dataFolder } from "./data-folder.ts";
import { lockFolder } from "./lock.ts";
import { openBrowser } from "./open-browser.ts";
import { askPassphrase } from "./passphrase-prompt.ts";
import { startHost } from "./server.ts";
import type { StartWorkstation } from "./shell-workstation.ts";
import { stopRequest } from "./stop-request.ts";
import { openLog } from "./surroundings.ts";

/** Runs a workstation in the browser until it is asked to stop. Everything it took is given back, however it ends. */
export async function runHost(args: HostArguments, start: StartWorkstation, renderer: string): Promise<void> {
  const stopped = stopRequest(args.json);
  const folder = dataFolder(args.folder, { platform: process.platform, env: process.env, home: homedir() });
  if (!(await exists(join(renderer, "index.html")))) {
    throw refuse(
      "RENDERER_MISSING",
      `There are no screens in ${renderer}. Nothing was opened. Build them with: npm run build`,
    );
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });

  const lock = await lockFolder(folder, "Horopter in the browser");
  try {
    const log = openLog(folder);
    const secrets = await chooseSecretStore(folder, candidates(args.secrets));
    const workstation = await start({
      folder,
      secrets,
      log,
      ...(args.name !== undefined && { name: args.name }),
      ...(args.backups && { backups: resolve(args.backups) }),
      ...(args.restore && { restore: resolve(args.restore) }),
    });
    try {
      const host = await startHost({ workstation, renderer, log, ...(args.port !== undefined && { port: args.port }) });
      await announce(args, { url: host.url, port: host.port, folder });
      log.info("host ready", { port: host.port, secrets: secrets.provider });
      const reason = await stopped;
      log.info("host stopping", { reason });
      await host.close();
    } finally {
      await workstation.close();
    }
  } finally {
    await lock.release();
  }
}

/** A passphrase in the environment is taken out of it, so that no process started from here inherits it. */
function candidates(choice: SecretsChoice | undefined): SecretCandidate[] {
  const given = process.env.HOROPTER_PASSPHRASE;
  delete process.env.HOROPTER_PASSPHRASE;
  const terminal = { input: process.stdin, output: process.stderr };
  const passphrase = passphraseFile(async (isNew) => given || askPassphrase(isNew, terminal));
  if (choice === "keyring") return [keyring()];
  if (choice === "passphrase") return [passphrase];
  if (choice === "key-file") return [keyFile];
  return [keyring(), passphrase];
}

interface Ready {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
}

async function announce(args: HostArguments, ready: Ready): Promise<void> {
  const name = args.name ?? null;
  if (args.json) process.stdout.write(`${JSON.stringify({ ready: true, ...ready, name, pid: process.pid })}\n`);
  const opened = args.open && (await openBrowser(ready.url));
  if (args.json) return;
  const who = name === null ? "Horopter" : `Horopter (${name})`;
  const what = opened ? "has been opened in your browser. If it does not appear, open" : "is ready. Open";
  process.stdout.write(
    `${who} ${what} this address on this computer:\n\n  ${ready.url}\n\n` +
      `It is for this computer and this start only. Data: ${ready.folder}\nStop with Ctrl-C.\n`,
  );
}
