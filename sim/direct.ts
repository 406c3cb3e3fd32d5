/**
 * A way to the centre without a socket: the server's own router, called in process, every message through JSON as on
 * the wire. `carry` decides when a message arrives, twice, late or never; the product's tests carry at once.
 */
import type { Connection, StreamHandlers, Upstream } from "../src-main/engine/sync/upstream.ts";
import { Refusal } from "../src-shared/sync/ports.ts";
import type { Batch } from "../src-shared/sync/wire.ts";
import type { Centre } from "../sync-server/centre.ts";
import { createServerCaller } from "../sync-server/router.ts";
import { newConnection } from "../sync-server/sync/connection.ts";

export interface Carrier {
  /** Delivers a message: resolves when it arrived, rejects when the line was cut on the way. */
  carry(): Promise<void>;
  /** Whether a request is delivered a second time. */
  repeats(): boolean;
  /** Resolves when a stray copy of a batch arrives, perhaps after many later ones; null when there is no copy. */
  stray(): Promise<void> | null;
}
const atOnce: Carrier = { carry: () => Promise.resolve(), repeats: () => false, stray: () => null };

const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));

/** An error as the client of a socket sees it. */
function asTransported(error: unknown): unknown {
  const cause = (error as { cause?: unknown }).cause;
  if (!(cause instanceof Refusal)) return error;
  return Object.assign(new Error(cause.message), {
    data: { refusal: { code: cause.code, args: cause.args, message: cause.message } },
  });
}

export function directUpstream(
  centreOf: () => Centre | null,
  carrier: Carrier = atOnce,
): Upstream & { cut(reason: string): void } {
  const open = new Set<(reason: string) => void>();
  return {
    cut(reason) {
      for (const end of [...open]) end(reason);
    },
    async open(onClose) {
      await carrier.carry();
      const centre = centreOf();
      if (!centre) throw new Error("the centre cannot be reached");
      const context = { centre, connection: newConnection("direct"), limit: () => {} };
      const caller = createServerCaller(context);
      let ended = false;
      const streams = new Set<AbortController>();
      const end = (reason: string) => {
        if (ended) return;
        ended = true;
        open.delete(end);
        for (const stream of streams) stream.abort();
        onClose(reason);
      };
      open.add(end);
      async function call<I, O>(run: (input: I) => Promise<O>, input: I, repeatable = false): Promise<O> {
        const sent = copy(input);
        await carrier.carry();
        if (ended || centreOf() !== centre) throw new Error("the line was cut");
        const again = repeatable && carrier.repeats();
        let output: O;
        try {
          output = copy(await run(sent));
          if (again) output = copy(await run(copy(input)));
        } catch (error) {
          throw asTransported(error);
        }
        await carrier.carry();
        if (ended) throw new Error("the line was cut");
        return output;
      }
      const connection: Connection = {
        challenge: () => call(() => caller.sync.challenge(), undefined),
        hello: (input) => call((sent) => caller.sync.hello(sent), input),
        seen: (input) => call((sent) => caller.sync.seen(sent), input),
        known: (input) => call((sent) => caller.sync.known(sent), input),
        push: (groups) => call((sent) => caller.sync.push(sent), { groups: [...groups] }, true),
        rescue: (input) => call((sent) => caller.sync.rescue(sent), input, true),
        stream(input, handlers) {
          const controller = new AbortController();
          streams.add(controller);
          void pumpStream(controller, input, handlers);
          return () => controller.abort();
        },
        snapshotPage: (input) => call((sent) => caller.sync.snapshotPage(sent), input),
        fetchRows: (input) => call((sent) => caller.sync.fetchRows(sent), input),
        bootstrapFile: (input) => call((sent) => caller.sync.bootstrapFile(sent), input),
        digest: (input) => call((sent) => caller.sync.digest(sent), input),
        bucket: (input) => call((sent) => caller.sync.bucket(sent), input),
        filesBegin: (input) => call((sent) => caller.files.begin(sent), input),
        filesCommit: (input) => call((sent) => caller.files.commit(sent), input),
        filesGet: (input) => call((sent) => caller.files.get(sent), input),
        renew: (input) => call((sent) => caller.device.renew(sent), input),
        enrol: (input) => call((sent) => caller.device.enrol(sent), input),
        setUp: (input) => call((sent) => caller.practice.setUp(sent), input),
        signIn: (input) => call((sent) => caller.people.signIn(sent), input),
        setPassword: (input) => call((sent) => caller.people.setPassword(sent), input),
        createEnrolmentCode: (input) => call((sent) => caller.device.createEnrolmentCode(sent as never), input),
        createToken: (input) => call((sent) => caller.tokens.create(sent as never), input),
        revokeToken: (input) => call((sent) => caller.tokens.revoke(sent), input),
        listTokens: (input) => call((sent) => caller.tokens.list(sent), input),
        close: () => end("closed"),
      };
      async function pumpStream(
        controller: AbortController,
        input: Parameters<Connection["stream"]>[0],
        handlers: StreamHandlers,
      ) {
        const streaming = createServerCaller(context, { signal: controller.signal });
        try {
          const batches = (await streaming.sync.stream(copy(input))) as AsyncIterable<[string, Batch, symbol]>;
          for await (const [, batch] of batches) {
            if (controller.signal.aborted) return;
            const sent = copy(batch);
            const deliver = () => {
              if (!controller.signal.aborted && !ended) handlers.onBatch(sent);
            };
            void carrier.stray()?.then(deliver);
            await carrier.carry();
            if (controller.signal.aborted || ended) return;
            deliver();
          }
        } catch (error) {
          if (!controller.signal.aborted) handlers.onEnd(asTransported(error) as Error);
        } finally {
          streams.delete(controller);
        }
      }
      return connection;
    },
  };
}
