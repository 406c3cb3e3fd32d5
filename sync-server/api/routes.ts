/** What other systems may ask of the centre over HTTP, with a token. Errors are JSON: `{ error: { code, message } }`. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { summaryScope } from "../../src-shared/patients/api-scopes.ts";
import { newId } from "../../src-shared/sync/ids.ts";
import { idSchema } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { wakePractice } from "../identity/enrol.ts";
import { createLimiter } from "../limits.ts";
import { writeAsCentre } from "../settle/write-as-centre.ts";
import { centreSummary } from "./patient-summary.ts";
import { openToken } from "./tokens.ts";

const refusals = {
  UNAUTHORISED: [401, "A token is needed: Authorization: Bearer horopter_… It may be wrong, revoked or over."],
  NO_SCOPE: [403, "This token does not open this. Head office makes one with the scope that is named."],
  NOT_FOUND: [404, "The practice has no patient by this id."],
  TOO_MANY: [429, "Too many requests with this token. Wait a minute."],
} as const;

function refused(reply: FastifyReply, code: keyof typeof refusals, more: Record<string, unknown> = {}): FastifyReply {
  const [status, message] = refusals[code];
  return reply.code(status).send({ error: { code, message, ...more } });
}

export function apiRoutes(app: FastifyInstance, centre: Centre): void {
  const limiter = createLimiter(centre.now);
  app.get<{ Params: { id: string } }>("/api/patients/:id/summary", async (request, reply) => {
    reply.header("cache-control", "no-store");
    const now = centre.now();
    const token = await openToken(centre.db, request.headers.authorization, now);
    if (!token) return refused(reply.header("www-authenticate", "Bearer"), "UNAUTHORISED");
    if (!limiter.take(`api:${token.id}`, "api")) return refused(reply, "TOO_MANY");
    if (!token.scopes.includes(summaryScope)) return refused(reply, "NO_SCOPE", { scope: summaryScope });
    // Dashes are how most systems write such an id.
    const id = idSchema.safeParse(request.params.id.toLowerCase().replaceAll("-", ""));
    if (!id.success) return refused(reply, "NOT_FOUND");
    const summary = await centre.db.transaction(async (tx) => {
      const found = await centreSummary(tx, id.data, {
        practice: token.practice,
        may: (permission) => token.scopes.includes(permission),
        now,
      });
      if (!found) return null;
      await tx.query("update api_token set used_at=$3 where practice_id=$1 and id=$2", [token.practice, token.id, now]);
      // Who reads about a patient is kept, whoever it is; what is kept is where others see it.
      await writeAsCentre(centre.settle, tx, token.practice, "api.patient-summary", [
        {
          entity: "audit_entry",
          id: newId(now, centre.random),
          fields: {
            action: "api.patient-summary",
            subject_entity: "patient",
            subject_id: found.patient.id,
            patient_id: found.patient.id,
            user_id: null,
            device_id: null,
            branch_id: null,
            changed: [`read with token ${token.id}`],
            at: now,
            stream: "people",
          },
        },
      ]);
      return found;
    });
    if (!summary) return refused(reply, "NOT_FOUND");
    await wakePractice(centre, token.practice);
    return summary;
  });
}
