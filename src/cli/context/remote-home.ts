import type { Command } from 'commander';
import type { RemoteHome, SshHome } from '../../core/fs/homes-file.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { JobDefinition } from '../../core/model/definition.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { shellQuote } from '../../core/process/shell.ts';
import { sshCommandLine } from '../../core/remote/ssh-command.ts';
import type { RemoteConnection } from '../../rpc/json-rpc/remote-connection.ts';

/** The error of a command that works on the files of a home, for a home on another machine. */
export function needsFiles({ name, ssh }: RemoteHome, command: Command): QuickscrapeError {
  const names = commandNames(command).join(' ');
  const line = lineThere(ssh, command, names);
  return new QuickscrapeError(
    'not_allowed',
    `${names} works on the files of a home, and ${name} is on ${ssh.host}`,
    {
      field: 'home',
      hint: `Run it there: ${line}`,
    },
  );
}

/** What a person types here for a command on the machine of a home. A file of the command stays on this machine. */
function lineThere(ssh: SshHome, command: Command, names: string): string {
  // Commander has taken --home and its like out of these.
  const words = rootOf(command).args;
  const [file] = command.args;
  if (file !== undefined && file !== '-') {
    const others = words.filter((word) => word !== file && word !== '--force');
    if (names === 'export') return `${sshCommandLine(ssh, others)} > ${shellQuote(file)}`;
    if (names === 'import') return `${sshCommandLine(ssh, [...others, '-'])} < ${shellQuote(file)}`;
  }
  const hasTerminal = names === 'wizard' || command.opts()['follow'] === true;
  return sshCommandLine(ssh, words, { hasTerminal });
}

/** The error of a flag that works on the files of a home, for a home on another machine. */
export function needsFilesHere({ name, ssh }: RemoteHome, what: string): QuickscrapeError {
  return new QuickscrapeError(
    'not_allowed',
    `${what} works on the files of a home, and ${name} is on ${ssh.host}`,
    {
      field: 'home',
      hint: `Do it there: ${['ssh', ...(ssh.port === undefined ? [] : ['-p', String(ssh.port)]), ssh.host].join(' ')}`,
    },
  );
}

function commandNames(command: Command): string[] {
  return command.parent === null ? [] : [...commandNames(command.parent), command.name()];
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/** What calls the operations of a home on another machine. */
type Operations = Pick<RemoteConnection, 'call'>;

type RemoteJob = OperationOutput<'list_jobs'>['jobs'][number];

/** The most rows in one answer. */
const MAX_PAGE = 1_000;

/** Completes the beginning of a job's id, as the store of a home here does. */
export async function findRemoteJobId(operations: Operations, idOrPrefix: string): Promise<string> {
  const jobs: RemoteJob[] = [];
  let cursor: string | undefined;
  do {
    const page: OperationOutput<'list_jobs'> = await operations.call('list_jobs', {
      query: idOrPrefix,
      limit: MAX_PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    jobs.push(...page.jobs);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  const ids = jobs.map(({ job_id }) => job_id).filter((id) => id.startsWith(idOrPrefix));
  if (ids.includes(idOrPrefix)) return idOrPrefix;
  const [only, ...others] = ids;
  if (only === undefined) return idOrPrefix;
  if (others.length === 0) return only;
  const { ambiguousId } = await import('../../core/jobs/job-errors.ts');
  throw ambiguousId(idOrPrefix, ids);
}

/** Reads the definition of a job. */
export async function readRemoteDefinition(operations: Operations, idOrPrefix: string) {
  const { DEFINITION_FIELDS } = await import('../../core/model/definition.ts');
  const jobId = await findRemoteJobId(operations, idOrPrefix);
  const { job } = await operations.call('get_job', { job_id: jobId });
  const fields = DEFINITION_FIELDS.filter((name) => name in job).map((name) => [name, job[name]]);
  return { jobId, definition: Object.fromEntries(fields) as JobDefinition };
}

/** Completes the beginning of a run's id, among the newest thousand runs. */
export async function findRemoteRunId(operations: Operations, idOrPrefix: string): Promise<string> {
  const { runs } = await operations.call('list_runs', { limit: MAX_PAGE });
  const ids = runs.map(({ run_id }) => run_id).filter((id) => id.startsWith(idOrPrefix));
  const [only, ...others] = ids;
  if (only === undefined || ids.includes(idOrPrefix)) return idOrPrefix;
  if (others.length === 0) return only;
  const { ambiguousRunId } = await import('../../core/runs/run-errors.ts');
  throw ambiguousRunId(idOrPrefix, ids);
}

type RemoteRun = OperationOutput<'get_run'>['run'];

/** What a wait for a run on another machine needs. */
interface WaitOptions {
  signal: AbortSignal;
  /** Whether the connection was lost because Ctrl-C has ended ssh too. */
  isInterrupted(): Promise<boolean>;
  onChange(run: RemoteRun): void;
}

/**
 * Waits until a run has ended, or the signal is aborted, by what the server there announces.
 * @throws QuickscrapeError `store_unavailable` when the connection is lost; the run goes on
 */
export async function waitForRemoteRun(
  connection: RemoteConnection,
  runId: string,
  { signal, isInterrupted, onChange }: WaitOptions,
): Promise<void> {
  const { isActive } = await import('../../core/model/run-record.ts');
  let resolve: () => void = () => {};
  const ended = new Promise<void>((onEnded) => {
    resolve = onEnded;
  });
  const see = (run: RemoteRun) => {
    onChange(run);
    if (!isActive(run.status)) resolve();
  };
  const onAbort = () => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await connection.subscribe(({ params: { run } }) => {
      if ((run as Partial<RemoteRun> | undefined)?.run_id === runId) see(run as RemoteRun);
    });
    see((await connection.call('get_run', { run_id: runId, log_lines: 0, sample_items: 0 })).run);
    await Promise.race([ended, connection.lost]);
  } catch (error) {
    if (!(await isInterrupted())) throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
