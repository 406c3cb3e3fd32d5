/**
 * The entity registry: every synced entity, declared once. Table types, checks at the edge, the pull filter, audit
 * differences, fuzzers, the simulator and the schema test all come from it (architecture §3).
 */
import * as access from "../access/entities.ts";
import * as cases from "../cases/entities.ts";
import * as dispensing from "../dispensing/entities.ts";
import * as events from "../events/entities.ts";
import { examAmendment } from "../exams/amendment.ts";
import * as exams from "../exams/entities.ts";
import * as files from "../files/entities.ts";
import * as lab from "../lab/entities.ts";
import * as patients from "../patients/entities.ts";
import * as scheduling from "../scheduling/entities.ts";
import { type Entity, type Fields, type RowOf, type StoredRow, type Stream, streamBits } from "./entity.ts";
import type { Id } from "./fields.ts";

/** Parents stand before their children: pages of a bootstrap are read in this order. */
export const entities = [
  access.practice,
  access.branch,
  access.branchException,
  access.device,
  access.deviceKey,
  access.role,
  access.user,
  access.rolePermission,
  access.userRole,
  access.roleChangeAudit,
  access.setting,
  exams.examForm,
  exams.examQuestion,
  scheduling.clinicTemplate,
  dispensing.product,
  dispensing.stockMovement,
  patients.importRun,
  patients.patient,
  patients.prescription,
  patients.consent,
  patients.patientLink,
  patients.patientChange,
  patients.broughtBalance,
  patients.broughtOrder,
  scheduling.appointment,
  scheduling.appointmentEvent,
  exams.contactLensSpec,
  exams.examSummary,
  exams.handoff,
  exams.exam,
  exams.examEntry,
  exams.examItem,
  exams.examSubmission,
  exams.examRecord,
  examAmendment,
  exams.referral,
  dispensing.tillSession,
  dispensing.sale,
  dispensing.saleLine,
  dispensing.salePair,
  dispensing.payment,
  lab.job,
  lab.jobEvent,
  cases.caseFile,
  cases.caseMessage,
  cases.caseNote,
  cases.caseEvent,
  events.domainEvent,
  events.auditEntry,
  events.reviewTask,
  events.fieldConflict,
  files.attachment,
] as const;

type AnyEntityOf = (typeof entities)[number];
export type EntityName = AnyEntityOf["name"];
type ByName<N extends EntityName> = Extract<AnyEntityOf, { name: N }>;
type FieldsOf<N extends EntityName> = ByName<N>["fields"];
// Entities without folded columns have the default, a record of every name: that is no column at all.
type FoldColumns<C> = [C] extends [Fields] ? (string extends keyof C ? unknown : RowOf<C>) : unknown;
type FoldOf<N extends EntityName> = FoldColumns<NonNullable<ByName<N>["fold"]>["columns"]>;

/** What a person's command writes: the travelling fields of a row. What may be null may be left out. */
export type NewRow<N extends EntityName> = MayLeaveOut<RowOf<FieldsOf<N>>>;
type MayLeaveOut<R> = { [K in keyof R as null extends R[K] ? never : K]: R[K] } & {
  [K in keyof R as null extends R[K] ? K : never]?: R[K];
};
/** A row as it is read: fields, folded columns, id and stamp. */
export type Row<N extends EntityName> = RowOf<FieldsOf<N>> & FoldOf<N> & { id: Id; hlc: string; deleted?: boolean };

export type AnyEntity = Entity<string, Fields, Fields>;

export interface Registry {
  readonly allEntities: readonly AnyEntity[];
  /** The declaration of an entity. Throws for a name that is not in the registry: a bug, never input. */
  entityOf(name: string): AnyEntity;
  findEntity(name: string): AnyEntity | undefined;
  /** Fold parents by child entity: a fact of `child` changes the folded columns of `parent` named in its `column`. */
  readonly foldsFrom: ReadonlyMap<string, readonly { parent: AnyEntity; column: string }[]>;
}

/** A registry over a list of declarations, parents before their children. The product has one, below. */
export function createRegistry(declarations: readonly AnyEntity[]): Registry {
  const byName = new Map(declarations.map((entity) => [entity.name, entity]));
  const foldsFrom = new Map<string, { parent: AnyEntity; column: string }[]>();
  for (const parent of declarations) {
    for (const [child, column] of Object.entries(parent.fold?.from ?? {})) {
      foldsFrom.set(child, [...(foldsFrom.get(child) ?? []), { parent, column }]);
    }
  }
  return {
    allEntities: declarations,
    entityOf(name) {
      const entity = byName.get(name);
      if (!entity) throw new Error(`There is no entity ${name} in the registry`);
      return entity;
    },
    findEntity: (name) => byName.get(name),
    foldsFrom,
  };
}

export const { allEntities, entityOf, findEntity, foldsFrom } = createRegistry(
  entities as unknown as readonly AnyEntity[],
);

/** The stream a row rides in: the entity's, or the one its own `stream` column names. */
export function streamOf(entity: AnyEntity, row: Readonly<Record<string, unknown>>): Stream {
  return entity.stream === "subject" ? (row.stream as Stream) : entity.stream;
}
/** Whether rows of the entity can be on a device that holds the streams of `mask`. */
export function holds(entity: AnyEntity, mask: number): boolean {
  return entity.stream === "subject" || (streamBits[entity.stream] & mask) !== 0;
}

export type { StoredRow };
