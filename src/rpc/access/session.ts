import type * as z from 'zod';
import type { RequestSent } from '../../core/configs/scraper-protocol.ts';
import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { describeExpected, fieldsError } from '../../core/model/input-errors.ts';
import { callOperation } from '../../core/operations/call-operation.ts';
import type { JobChange, Operation, OperationContext } from '../../core/operations/define-operation.ts';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '../../core/operations/operations.ts';
import type { SettingKey } from '../../core/settings/setting-rules.ts';
import type { Workspace } from '../../core/workspace.ts';
import { type AuditLine, emptyTraffic, openAudit, recordRequest } from './audit.ts';
import { type CallLimits, CallQuota, type QuotaKind } from './call-quota.ts';
import { reviewConfig, reviewParams } from './enforce-policy.ts';
import { withOfferedSteps } from './offered-text.ts';
import {
  exposedInput,
  hidingFlags,
  isExposed,
  isReadingCall,
  offersOnlyReading,
  type Policy,
} from './policy.ts';
import { reviewSetting } from './setting-policy.ts';
import { selectionFlags } from './tool-selection.ts';

/** The object of a call, for the audit log. */
interface AuditTarget {
  kind: 'job' | 'run' | 'config' | 'scheduler' | 'page' | 'setting' | 'channel' | 'file';
  id: string;
  /** For people. */
  text: string;
}

/** @param answer the result, if there is one: only it contains the id of a new job */
function resolveAuditTarget(
  operation: string,
  params: unknown,
  answer: Record<string, unknown> | undefined,
): AuditTarget {
  const { job_id, run_id, config_name, url, name, channel, output_path } = (params ?? {}) as Record<
    string,
    unknown
  >;
  if (operation.endsWith('_scheduler')) return { kind: 'scheduler', id: '', text: 'scheduler' };
  if (PAGE_OPERATIONS.includes(operation)) {
    if (run_id !== undefined) return createTarget('run', 'run', run_id);
    return config_name === undefined
      ? createTarget('page', 'page of', hostOf(url))
      : createTarget('config', 'configuration', config_name);
  }
  if (operation.endsWith('_config')) return createTarget('config', 'configuration', config_name);
  if (operation === 'test_channel') return createTarget('channel', 'channel', channel);
  if (operation === 'set_setting') return createTarget('setting', 'setting', name);
  if (operation === 'export') return createTarget('file', 'bundle', output_path);
  if (run_id !== undefined) return createTarget('run', 'run', run_id);
  const made = (answer?.['job'] as { id?: unknown } | undefined)?.id;
  if (operation === 'update_jobs') return { kind: 'job', id: '', text: 'jobs' };
  return createTarget('job', 'job', made ?? job_id);
}

/** Operations on one page, which a run, a configuration or an address names. */
const PAGE_OPERATIONS: readonly string[] = ['get_page', 'find_selectors', 'propose_config'];

/** An address may contain a name, a password or a key, so only its host is logged. */
function hostOf(url: unknown): string {
  return typeof url === 'string' && canParseUrl(url) ? new URL(url).host : '';
}

/** The target's current revision, or the value of a setting; `null` if it does not exist. */
function readRevision(
  { jobs, configs, settings }: Workspace,
  { kind, id }: AuditTarget,
): number | string | null {
  try {
    if (kind === 'setting') return toAuditValue(settings.get(id as SettingKey));
    if (kind === 'config') return configs.read(id).revision;
    if (kind !== 'job') return null;
    const entry = jobs.get(id);
    return entry?.kind === 'valid' ? entry.record.revision : null;
  } catch {
    // The target does not exist, or it is not readable.
    return null;
  }
}

function toAuditValue(value: unknown): number | string | null {
  return typeof value === 'number' || value === null ? value : String(value);
}

function createTarget(kind: AuditTarget['kind'], word: string, id: unknown): AuditTarget {
  const name = typeof id === 'string' ? id : '';
  return { kind, id: name, text: `${word} ${name.slice(0, 64)}`.trim() };
}

/** What an operation reports for the audit log. */
type AuditHooks = Pick<OperationContext, 'onSent' | 'onJob'>;

/** A change that takes longer gets a line while it is active, and another one at its end. */
const IN_PROGRESS_AUDIT_MS = 1_000;

export interface SessionOptions {
  face: 'mcp' | 'rpc';
  policy: Policy;
  limits?: Partial<CallLimits>;
  /** Logs messages for people that are not part of an answer. */
  log(message: string): void;
}

export interface SessionCall extends Pick<OperationContext, 'signal' | 'onProgress' | 'chooseRows' | 'room'> {
  /** The client's name and version, as it reports them. */
  client?: string | undefined;
}

/**
 * Runs the calls of a server's clients: the operations of all interfaces, within the server's policy. Each call that
 * changes something, and each test run on live pages, writes a line to `audit.log`.
 */
export class Session {
  readonly #workspace: Workspace;
  readonly #options: SessionOptions;
  readonly #counter: CallQuota;
  /** The offered input of each operation that was called, if the policy changes it. */
  readonly #narrowed = new Map<Operation, z.ZodObject | undefined>();
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
  }

  static async open(workspace: Workspace, options: SessionOptions): Promise<Session> {
    return new Session(workspace, options, await exposedOperations(options.policy));
  }

  /** The names of the operations that this server offers. */
  names(): readonly string[] {
    return [...this.exposed.keys()];
  }

  /** @throws QuickscrapeError `not_allowed` when the policy forbids the call, and the operation's own errors */
  async call(name: string, params: unknown, call: SessionCall = {}): Promise<Record<string, unknown>> {
    const operation = this.exposed.get(name);
    if (operation === undefined) throw notExposedError(name, this.#options.policy);
    if (offersOnlyReading(operation, this.#options.policy) && !isReadingCall(operation, params))
      throw readingCallsOnlyError(operation);
    if (isReadOnly(operation)) return this.#invoke(operation, params, call);
    const now = this.#workspace.clock.monotonic();
    const work = (hooks: AuditHooks) => {
      this.#counter.countCall(now);
      const reserve = (jobs: number) => this.#counter.countCall(now, jobs - 1);
      return this.#counter.run(() => this.#invoke(operation, params, { ...call, ...hooks, reserve }));
    };
    // Of calls that exceed the rate limit, only the first is logged: a line for each would fill the disk.
    const needsAudit = doesMoreThanRead(operation, params) && !this.#counter.isStillRefusing(now);
    return needsAudit ? this.#audited(operation, params, call, async (hooks) => work(hooks)) : work({});
  }

  async #invoke(
    operation: Operation,
    params: unknown,
    { client: _, ...hooks }: SessionCall & AuditHooks & Pick<OperationContext, 'reserve'>,
  ): Promise<Record<string, unknown>> {
    const { name } = operation;
    const { policy } = this.#options;
    const folders = { home: this.#workspace.paths.output, extra: policy.outputDir };
    const reviewed = reviewParams(params, policy, folders);
    const narrowed = this.#narrowedInput(operation);
    if (narrowed !== undefined) checkShape(narrowed, reviewed);
    const work = async (): Promise<Record<string, unknown>> => {
      const answer = await callOperation(this.#workspace, name as OperationName, reviewed as never, {
        ...hooks,
        reviewConfig: (facts) =>
          reviewConfig(facts, policy, { ...folders, configs: this.#workspace.paths.configs }),
        reviewSetting,
        offers: (operation) => this.exposed.has(operation),
      });
      return withOfferedSteps(answer, (next, given) => this.#allows(next, given));
    };
    const quota = QUOTA_OPERATIONS.get(name);
    if (quota === undefined || isDryRun(params)) return work();
    return this.#counter.record(quota.what, work, (answer) => answer[quota.reportedIn] === true);
  }

  /** Whether this server offers an operation, also with these parameters. */
  #allows(name: string, params: unknown): boolean {
    const operation = this.exposed.get(name);
    if (operation === undefined) return false;
    return !offersOnlyReading(operation, this.#options.policy) || isReadingCall(operation, params);
  }

  /** Made on first use: schemas are slow to create. */
  #narrowedInput(operation: Operation): z.ZodObject | undefined {
    if (!this.#narrowed.has(operation)) {
      const input = exposedInput(operation, this.#options.policy);
      this.#narrowed.set(operation, input === operation.input ? undefined : input);
    }
    return this.#narrowed.get(operation);
  }

  async #audited(
    { name: operation, readOnlyWithField, readOnlyWithoutField }: Operation,
    params: unknown,
    { client, signal }: SessionCall,
    work: (hooks: AuditHooks) => Promise<Record<string, unknown>>,
  ): Promise<Record<string, unknown>> {
    // A run records its requests in its own log.
    const traffic = (readOnlyWithField ?? readOnlyWithoutField) === undefined ? undefined : emptyTraffic();
    const entry = openAudit(this.#workspace.paths.auditLog);
    const asked = resolveAuditTarget(operation, params, undefined);
    const before = readRevision(this.#workspace, asked);
    let answer: Record<string, unknown> | undefined;
    const writeLine = (line: Pick<AuditLine, 'target' | 'before' | 'after' | 'outcome'>) =>
      this.#writeAudit(() =>
        entry.write({
          at: new Date(this.#workspace.clock.now()).toISOString(),
          face: this.#options.face,
          client: client ?? null,
          pid: process.pid,
          operation,
          ...line,
          ...(traffic !== undefined && { traffic }),
        }),
      );
    let jobs = 0;
    const onJob = ({ jobId, before, after, outcome }: JobChange) => {
      jobs += 1;
      writeLine({ target: createTarget('job', 'job', jobId).text, before, after, outcome });
    };
    const write = (outcome: string) => {
      // Each job has its own line, once it is done.
      if (jobs > 0) return;
      const target = resolveAuditTarget(operation, params, answer);
      writeLine({ target: target.text, before, after: readRevision(this.#workspace, target), outcome });
    };
    // If the server is killed meanwhile, no line with the outcome follows; this line remains.
    const inProgressTimer = setTimeout(() => write('under_way'), IN_PROGRESS_AUDIT_MS);
    let outcome = 'internal';
    try {
      answer = await work({
        onJob,
        ...(traffic !== undefined && { onSent: (sent: RequestSent) => recordRequest(traffic, sent) }),
      });
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

  /** A change stays valid if its audit line cannot be written, so the error is only logged. */
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

/** The operations that create limited objects, and the result field that reports the creation. */
const QUOTA_OPERATIONS: ReadonlyMap<string, { what: QuotaKind; reportedIn: string }> = new Map([
  ['create_job', { what: 'jobs', reportedIn: 'created' }],
  ['save_config', { what: 'configs', reportedIn: 'changed' }],
]);

/** The operation checks its input too, but its error would name fields that this server does not offer. */
function checkShape(input: z.ZodObject, params: unknown): void {
  const parsed = input.safeParse(params ?? {}, { error: describeExpected });
  if (!parsed.success) throw fieldsError(parsed.error.issues, params, Object.keys(input.shape), input);
}

/** Whether an operation changes nothing and contacts no one. Such calls are not counted, and they are fast. */
export function isReadOnly({ annotations: { readOnlyHint, openWorldHint } }: Operation): boolean {
  return readOnlyHint && !openWorldHint;
}

/** Whether a call needs a line in the audit log. */
function doesMoreThanRead(operation: Operation, params: unknown): boolean {
  return !operation.annotations.readOnlyHint && !isDryRun(params) && !isReadingCall(operation, params);
}

/** A dry run stores nothing. */
function isDryRun(params: unknown): boolean {
  return (params as { dry_run?: unknown } | undefined)?.dry_run === true;
}

/** The error for an operation that the policy hides. */
export function notExposedError(name: string, policy: Policy): QuickscrapeError {
  return new QuickscrapeError('not_allowed', `${name}: this server was started with ${hidingFlags(policy)}`, {
    hint:
      selectionFlags(policy).length > 0
        ? 'It offers some operations only. The person who starts it chooses them.'
        : 'It only reads. Changes have to be made by the person, or through a server without --read-only.',
  });
}

function readingCallsOnlyError({
  name,
  readOnlyWithField: needed,
  readOnlyWithoutField: excluded = '',
}: Operation): QuickscrapeError {
  const [when, next] =
    needed === undefined
      ? [`with ${excluded}`, `Leave ${excluded} out`]
      : [`without ${needed}`, `Give ${needed}`];
  return new QuickscrapeError(
    'not_allowed',
    `${name}: ${when} it fetches live pages, and this server was started with --read-only`,
    {
      field: needed ?? excluded,
      hint: `${next}. Only the person who starts this server can allow test runs on live pages: --allow-trials.`,
    },
  );
}
