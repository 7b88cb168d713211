import type * as z from 'zod';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { fieldsError } from '../../core/model/field-errors.ts';
import { callOperation } from '../../core/operations/call-operation.ts';
import type { Operation, OperationContext } from '../../core/operations/define-operation.ts';
import { describeExpected } from '../../core/operations/describe-expected.ts';
import type { OperationName } from '../../core/operations/table.ts';
import { OPERATION_NAMES, OPERATIONS } from '../../core/operations/table.ts';
import type { Workspace } from '../../core/workspace.ts';
import { emptyTraffic, openAudit, recordRequest } from './audit.ts';
import type { CallLimits, QuotaKind } from './call-quota.ts';
import { CallQuota } from './call-quota.ts';
import type { Policy } from './policy.ts';
import { exposedInput, isExposed, requiredField } from './policy.ts';
import { reviewConfig, reviewParams } from './review.ts';

/** What a call is about. */
interface AuditTarget {
  kind: 'job' | 'run' | 'config' | 'scheduler';
  id: string;
  /** For people. */
  text: string;
}

/** @param answer what came back, where it did: a new job's id is known by it only */
function resolveAuditTarget(
  operation: string,
  params: unknown,
  answer: Record<string, unknown> | undefined,
): AuditTarget {
  const { job_id, run_id, config_name } = (params ?? {}) as Record<string, unknown>;
  if (operation.endsWith('_scheduler')) return { kind: 'scheduler', id: '', text: 'scheduler' };
  if (operation.endsWith('_config')) return createTarget('config', 'configuration', config_name);
  if (run_id !== undefined) return createTarget('run', 'run', run_id);
  const made = (answer?.['job'] as { id?: unknown } | undefined)?.id;
  return createTarget('job', 'job', made ?? job_id);
}

/** The revision that the target has now; `null` where there is none. */
function readRevision({ jobs, configs }: Workspace, { kind, id }: AuditTarget): number | string | null {
  try {
    if (kind === 'config') return configs.read(id).revision;
    if (kind !== 'job') return null;
    const entry = jobs.get(id);
    return entry?.kind === 'valid' ? entry.record.revision : null;
  } catch {
    // It is not there, or nobody can read it.
    return null;
  }
}

function createTarget(kind: AuditTarget['kind'], word: string, id: unknown): AuditTarget {
  const name = typeof id === 'string' ? id : '';
  return { kind, id: name, text: `${word} ${name.slice(0, 64)}`.trim() };
}

/** A change that takes longer is noted when it is under way, and again when it has ended. */
const IN_PROGRESS_AUDIT_MS = 1_000;

export interface SessionOptions {
  face: 'mcp' | 'rpc';
  policy: Policy;
  limits?: Partial<CallLimits>;
  /** Told what a person should see that is no answer to a call. */
  log(message: string): void;
}

export interface SessionCall extends Pick<OperationContext, 'signal' | 'onProgress'> {
  /** Who calls: name and version as the client says them. */
  client?: string | undefined;
}

/**
 * Carries out the calls of a server's clients: what every interface does, within what the policy of this server allows.
 * Each call that changes something, and each trial on live pages, leaves a line in `audit.log`.
 */
export class Session {
  readonly #workspace: Workspace;
  readonly #options: SessionOptions;
  readonly #counter: CallQuota;
  /** The input that is offered for each operation, where it is another one than the operation's own. */
  readonly #narrowed: ReadonlyMap<Operation, z.ZodObject>;
  /** The operations that this server offers, in the order of the table. */
  readonly exposed: ReadonlyMap<string, Operation>;

  private constructor(
    workspace: Workspace,
    options: SessionOptions,
    exposed: ReadonlyMap<string, Operation>,
  ) {
    this.#workspace = workspace;
    this.#options = options;
    this.exposed = exposed;
    this.#counter = new CallQuota(options.limits);
    this.#narrowed = new Map(
      [...exposed.values()].flatMap((operation) => {
        const input = exposedInput(operation, options.policy);
        return input === operation.input ? [] : [[operation, input]];
      }),
    );
  }

  static async open(workspace: Workspace, options: SessionOptions): Promise<Session> {
    return new Session(workspace, options, await exposedOperations(options.policy));
  }

  /** The operations that this server offers. */
  names(): readonly string[] {
    return [...this.exposed.keys()];
  }

  /**
   * @throws QuickscrapeError `not_allowed` for what the policy does not allow, and what the operation throws
   */
  async call(name: string, params: unknown, call: SessionCall = {}): Promise<Record<string, unknown>> {
    const operation = this.exposed.get(name);
    if (operation === undefined) throw notExposedError(name);
    const needed = requiredField(operation, this.#options.policy);
    if (needed !== undefined && !hasField(params, needed)) throw readOnlyWithField(name, needed);
    if (isReadOnly(operation)) return this.#invoke(operation, params, call);
    const now = this.#workspace.clock.monotonic();
    const work = (onSent: OperationContext['onSent']) => {
      this.#counter.countCall(now);
      return this.#counter.run(() => this.#invoke(operation, params, { ...call, ...(onSent && { onSent }) }));
    };
    // The first of those that come too fast is noted: a line for each would fill the disk.
    const needsAudit = doesMoreThanRead(operation, params) && !this.#counter.isStillRefusing(now);
    return needsAudit
      ? this.#audited(operation, params, call, async (onSent) => work(onSent))
      : work(undefined);
  }

  async #invoke(
    operation: Operation,
    params: unknown,
    { signal, onProgress, onSent }: Omit<SessionCall, 'client'> & Pick<OperationContext, 'onSent'>,
  ): Promise<Record<string, unknown>> {
    const { name } = operation;
    const { policy } = this.#options;
    const folders = { home: this.#workspace.paths.output, extra: policy.outputDir };
    const reviewed = reviewParams(params, policy, folders);
    const narrowed = this.#narrowed.get(operation);
    if (narrowed !== undefined) checkShape(narrowed, reviewed);
    const work = async (): Promise<Record<string, unknown>> =>
      callOperation(this.#workspace, name as OperationName, reviewed as never, {
        ...(signal !== undefined && { signal }),
        ...(onProgress !== undefined && { onProgress }),
        ...(onSent !== undefined && { onSent }),
        reviewConfig: (facts) => reviewConfig(facts, policy, folders),
      });
    const quota = QUOTA_OPERATIONS.get(name);
    if (quota === undefined || isDryRun(params)) return work();
    return this.#counter.record(quota.what, work, (answer) => answer[quota.reportedIn] === true);
  }

  async #audited(
    { name: operation, readOnlyWithField }: Operation,
    params: unknown,
    { client, signal }: SessionCall,
    work: (onSent: OperationContext['onSent']) => Promise<Record<string, unknown>>,
  ): Promise<Record<string, unknown>> {
    // What a run sends stands in its own log.
    const traffic = readOnlyWithField === undefined ? undefined : emptyTraffic();
    const entry = openAudit(this.#workspace.paths.auditLog);
    const asked = resolveAuditTarget(operation, params, undefined);
    const before = readRevision(this.#workspace, asked);
    let answer: Record<string, unknown> | undefined;
    const write = (outcome: string) => {
      const target = resolveAuditTarget(operation, params, answer);
      const after = readRevision(this.#workspace, target);
      this.#writeAudit(() =>
        entry.write({
          at: new Date(this.#workspace.clock.now()).toISOString(),
          face: this.#options.face,
          client: client ?? null,
          pid: process.pid,
          operation,
          target: target.text,
          before,
          after,
          outcome,
          ...(traffic !== undefined && { traffic }),
        }),
      );
    };
    // Whoever ends this server meanwhile takes the line with the end along.
    const inProgressTimer = setTimeout(() => write('under_way'), IN_PROGRESS_AUDIT_MS);
    let outcome = 'internal';
    try {
      answer = await work(traffic && ((sent) => recordRequest(traffic, sent)));
      outcome = 'done';
      return answer;
    } catch (error) {
      if (error instanceof QuickscrapeError) outcome = error.code;
      if (signal?.aborted && outcome === 'internal') outcome = 'cancelled';
      throw error;
    } finally {
      clearTimeout(inProgressTimer);
      write(outcome);
      this.#writeAudit(() => entry.close());
    }
  }

  /** What was done is done: that it could not be noted does not make it undone. */
  #writeAudit(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#options.log(`audit.log: ${(error as Error).message}`);
    }
  }
}

/** The operations that a policy allows, by name, in the order of the table. */
export async function exposedOperations(policy: Policy): Promise<ReadonlyMap<string, Operation>> {
  const all = await Promise.all(OPERATION_NAMES.map(async (name) => OPERATIONS[name]()));
  const exposed = (all as unknown as Operation[]).filter((operation) => isExposed(operation, policy));
  return new Map(exposed.map((operation) => [operation.name, operation]));
}

/** The operations that make what a server makes only so many of, and the field of the answer that says so. */
const QUOTA_OPERATIONS: ReadonlyMap<string, { what: QuotaKind; reportedIn: string }> = new Map([
  ['create_job', { what: 'jobs', reportedIn: 'created' }],
  ['save_config', { what: 'configs', reportedIn: 'changed' }],
]);

/** The operation checks it as well, but would name fields that this server does not offer. */
function checkShape(input: z.ZodObject, params: unknown): void {
  const parsed = input.safeParse(params ?? {}, { error: describeExpected });
  if (!parsed.success) throw fieldsError(parsed.error.issues, params, Object.keys(input.shape));
}

/** It changes nothing, and reaches nobody: it is not counted, and takes no time to speak of. */
export function isReadOnly({ annotations: { readOnlyHint, openWorldHint } }: Operation): boolean {
  return readOnlyHint && !openWorldHint;
}

/** Such a call leaves a line. */
function doesMoreThanRead({ annotations, readOnlyWithField }: Operation, params: unknown): boolean {
  if (annotations.readOnlyHint || isDryRun(params)) return false;
  return readOnlyWithField === undefined || !hasField(params, readOnlyWithField);
}

function hasField(params: unknown, field: string): boolean {
  const value = (params as Record<string, unknown> | null | undefined)?.[field];
  return value !== undefined && value !== null;
}

/** Nothing is stored. */
function isDryRun(params: unknown): boolean {
  return (params as { dry_run?: unknown } | undefined)?.dry_run === true;
}

/** The error of an operation that the policy of a server hides. */
export function notExposedError(name: string): QuickscrapeError {
  return new QuickscrapeError('not_allowed', `${name}: this server was started with --read-only`, {
    hint: 'It only reads. What changes something has to be done by the person, or by a server without --read-only.',
  });
}

function readOnlyWithField(name: string, field: string): QuickscrapeError {
  return new QuickscrapeError(
    'not_allowed',
    `${name}: without ${field} it fetches live pages, and this server was started with --read-only`,
    {
      field,
      hint: `Give ${field}. Only the person who starts this server can allow trials on live pages: --allow-trials.`,
    },
  );
}
