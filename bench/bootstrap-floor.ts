/**
 * The bare parts for `bootstrap.ts`, the file's key in BENCH_KEY: `send <file>` serves a file, `fetch <url> <path>
 * <family name>` downloads it and searches in it, `insert <file>` writes its rows into a fresh encrypted file. The last
 * two print milliseconds.
 */
import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { createServer, get, type IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { storedColumns } from "../replica/columns.ts";
import { migrateReplica, openReplica } from "../replica/open.ts";
import { allEntities } from "../src-shared/sync/registry.ts";
import { candidates, searchSql } from "./floor-sql.ts";

const [task, first = "", second = "", family = ""] = process.argv.slice(2);
const key = Buffer.from(process.env.BENCH_KEY ?? "", "hex");
/** Rows in one transaction, as in the other floors of bulk. */
const perTransaction = 20_000;

if (task === "send") send(first);
else if (task === "fetch") await fetchFile(first, second, family.toLowerCase());
else insert(first);

function send(path: string): void {
  const server = createServer((_, response) => void pipeline(createReadStream(path), response));
  server.listen(0, "127.0.0.1", () => {
    process.stdout.write(
      `${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as { port: number }).port}` })}\n`,
    );
  });
}

async function fetchFile(url: string, path: string, token: string): Promise<void> {
  const before = performance.now();
  const response = await new Promise<IncomingMessage>((resolve, reject) => get(url, resolve).on("error", reject));
  await pipeline(response, createWriteStream(path));
  const db = openReplica({ path, key });
  const found = db.prepare(searchSql).all(token, `${token}\uffff`, candidates);
  const ms = performance.now() - before;
  if (found.length === 0) throw new Error("Nobody was found");
  process.stdout.write(JSON.stringify({ ms }), () => process.exit(0));
}

function insert(path: string): void {
  const source = openReplica({ path, key });
  const target = openReplica({ path: `${path}.bare`, key: randomBytes(32) });
  migrateReplica(target, path);
  target.pragma("foreign_keys=OFF");
  let rows = 0;
  let ms = 0;
  for (const entity of allEntities) {
    const columns = storedColumns(entity)
      .map((name) => `"${name}"`)
      .join(",");
    const statement = target.prepare(
      `insert into "${entity.name}" (${columns}) values (${storedColumns(entity).map(() => "?")})`,
    );
    const read = source.prepare(`select ${columns} from "${entity.name}" order by id limit ? offset ?`).raw();
    for (let at = 0; ; at += perTransaction) {
      const chunk = read.all(perTransaction, at) as unknown[][];
      if (chunk.length === 0) break;
      const before = performance.now();
      target.transaction(() => {
        for (const values of chunk) statement.run(values);
      })();
      ms += performance.now() - before;
      rows += chunk.length;
    }
  }
  process.stdout.write(JSON.stringify({ rows, ms }), () => process.exit(0));
}
