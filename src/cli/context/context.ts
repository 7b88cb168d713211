import { createInterface } from 'node:readline/promises';
import { onDetached } from '../../core/database/sql-errors.ts';
import type { FormatHint } from '../../core/lib/hints.ts';
import {
  escapeControlCharacters,
  hasControlCharacters,
  safeJson,
  sanitizeText,
} from '../../core/lib/sanitize-text.ts';
import type { StoredStatus } from '../../core/model/run-record.ts';
import type { CheckedInput, OperationInput, OperationOutput } from '../../core/operations/call-operation.ts';
import type { OperationName } from '../../core/operations/operations.ts';
import type { Workspace, WorkspaceOptions } from '../../core/workspace.ts';
import type { RemoteConnection } from '../../rpc/json-rpc/remote-connection.ts';
import { formatCommand, type GlobalFlags, hintFormatter } from '../flags/global-flags.ts';
import { createTerminal, type Terminal } from '../render/terminal.ts';
import { EXIT } from './exit-codes.ts';
import type { Interrupt } from './interrupt.ts';
import { reportError } from './report-error.ts';

/** How long after the end of ssh a Ctrl-C that ended it may reach this process, in milliseconds. */
const SIGNAL_MS = 1_000;

/** The dependencies of a command: its global flags, the two output streams, and the workspace, opened on demand. */
export class CommandContext {
  readonly globals: GlobalFlags;
  readonly interrupt: Interrupt;
  /** Results. */
  readonly out: Terminal;
  /** Messages. */
  readonly err: Terminal;
  #workspace: Workspace | undefined;
  #connection: RemoteConnection | undefined;

  constructor(globals: GlobalFlags, interrupt: Interrupt) {
    this.globals = globals;
    this.interrupt = interrupt;
    this.out = createTerminal(process.stdout, globals.color);
    this.err = createTerminal(process.stderr, globals.color);
  }

  /**
   * The workspace of the home, opened at the first call.
   * @param missing what to do without a home; if one is created, a message says so
   * @throws QuickscrapeError `home_not_found`, and the errors of opening a home
   */
  async workspace(missing: WorkspaceOptions['missing'] = 'refuse'): Promise<Workspace> {
    const { remote } = this.globals;
    if (remote !== undefined) throw (await import('./remote-home.ts')).needsFilesHere(remote, 'this');
    if (this.#workspace === undefined) {
      const { openWorkspace } = await import('../../core/workspace.ts');
      const { home } = this.globals;
      this.#workspace = openWorkspace({ home, actor: 'cli', missing, formatHint: this.formatHint });
      if (this.#workspace.isNew)
        this.printMessage(`Made the home ${sanitizeText(this.#workspace.paths.home)}`);
    }
    this.#printNotices();
    return this.#workspace;
  }

  /** Whether the home is on another machine: its files cannot be reached, but its operations can. */
  get isRemote(): boolean {
    return this.globals.remote !== undefined;
  }

  /** The connection to a home on another machine; a new one after it was lost. */
  async connection(): Promise<RemoteConnection> {
    const { remote } = this.globals;
    if (remote === undefined) throw new TypeError('the home is on this machine');
    if (this.#connection?.isOpen) return this.#connection;
    const { RemoteConnection } = await import('../../rpc/json-rpc/remote-connection.ts');
    this.#connection = new RemoteConnection(remote, { onRefusal: (line) => this.printMessage(line) });
    return this.#connection;
  }

  /** Ends the connection, so that the next call makes a new one. */
  disconnect(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** Whether a call failed because Ctrl-C has ended ssh too. */
  async isInterrupted(): Promise<boolean> {
    return this.interrupt.comesWithin(this.#connection?.wasLost ? SIGNAL_MS : 0);
  }

  /** Calls an operation on the home. */
  async call<N extends OperationName>(
    name: N,
    params: OperationInput<N>,
    options: { signal?: AbortSignal } = {},
  ): Promise<OperationOutput<N>> {
    if (this.isRemote) return this.#callThere(name, params);
    const { callOperation } = await import('../../core/operations/call-operation.ts');
    return callOperation(await this.workspace(), name, params, options);
  }

  /** Like {@link call}, for input that the command's flags have already checked, with defaults; this starts faster. */
  async invoke<N extends OperationName>(name: N, input: CheckedInput<N>): Promise<OperationOutput<N>> {
    if (this.isRemote) return this.#callThere(name, input as OperationInput<N>);
    const { invokeOperation } = await import('../../core/operations/call-operation.ts');
    return invokeOperation(await this.workspace(), name, input);
  }

  async #callThere<N extends OperationName>(name: N, params: OperationInput<N>): Promise<OperationOutput<N>> {
    try {
      return await (await this.connection()).call(name, params);
    } catch (error) {
      // A command that takes no signal is ended by it here, and does not report the lost connection.
      await this.isInterrupted();
      throw error;
    }
  }

  /** Prints a result on stdout: as JSON with --json, as YAML, or as the text of `formatTable`. */
  async print(result: object, formatTable: () => string | Promise<string>): Promise<void> {
    if (this.globals.format === 'json') this.out.write(`${safeJson(result, 2)}\n`);
    else if (this.globals.format === 'yaml') this.out.write(await toYaml(result));
    else {
      const text = await formatTable();
      this.out.write(text === '' || text.endsWith('\n') ? text : `${text}\n`);
    }
  }

  /** The formatter of hints: their commands work on the same home. */
  get formatHint(): FormatHint {
    return hintFormatter(this.globals.homeArgument);
  }

  /** Completes a command for a hint, such as `job run news`: it works on the same home. */
  command(line: string): string {
    return formatCommand(line, this.globals.homeArgument);
  }

  /** Prints a message for people on stderr. */
  printMessage(message: string): void {
    this.err.write(`${message}\n`);
  }

  close(): void {
    this.#printNotices();
    this.#workspace?.close();
    this.#workspace = undefined;
    this.disconnect();
  }

  /** Prints the notices of the database, whatever the command does. */
  #printNotices(): void {
    for (const notice of this.#workspace?.db.takeNotices() ?? []) this.printMessage(`note: ${notice}`);
  }
}

/** Formats a result as YAML; terminal control characters are escaped inside double quotes. */
export async function toYaml(value: unknown): Promise<string> {
  const { Document, Scalar, visit } = await import('yaml');
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && hasControlCharacters(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return escapeControlCharacters(document.toString({ lineWidth: 0 }));
}

/** Whether the command may ask questions: both ends are terminals, and no program reads the result. */
export function canPrompt(context: CommandContext): boolean {
  return process.stdin.isTTY === true && context.err.isTerminal && context.globals.format === 'table';
}

/** Asks a yes-or-no question on stderr; every answer but yes means no. */
export async function confirm(context: CommandContext, question: string): Promise<boolean> {
  const { signal } = context.interrupt;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // readline handles Ctrl-C itself, so the signal is raised again for the process.
    prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const answer = await prompt.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    // Ctrl-D: there will be no answer.
    if (error instanceof Error && error.name === 'AbortError') {
      context.printMessage('');
      return false;
    }
    throw error;
  } finally {
    prompt.close();
  }
}

/** Resolves a job id, or its unique beginning, to the full id. */
export async function resolveJobId(context: CommandContext, idOrPrefix: string): Promise<string> {
  if (context.isRemote)
    return (await import('./remote-home.ts')).findRemoteJobId(await context.connection(), idOrPrefix);
  return (await context.workspace()).jobs.find(idOrPrefix).id;
}

/** {@link resolveJobId}, also for the whole id of a deleted job: its runs stay in the database. */
export async function resolveJobWithRuns(context: CommandContext, idOrPrefix: string): Promise<string> {
  if (context.isRemote)
    return (await import('./remote-home.ts')).findRemoteJobId(await context.connection(), idOrPrefix);
  const { runs, jobs } = await context.workspace();
  return runs.newestForJob(idOrPrefix, 1).length > 0 ? idOrPrefix : jobs.find(idOrPrefix).id;
}

/** Reads a job by the unique beginning of its id. @throws QuickscrapeError `invalid_job` when its file is invalid */
export async function readDefinition(context: CommandContext, idOrPrefix: string) {
  if (context.isRemote)
    return (await import('./remote-home.ts')).readRemoteDefinition(await context.connection(), idOrPrefix);
  const { requireValidJob } = await import('../../core/jobs/job-errors.ts');
  const found = (await context.workspace()).jobs.find(idOrPrefix);
  return { jobId: found.id, definition: requireValidJob(found).record.definition };
}

/** Resolves a run id, or its unique beginning, to the full id. */
export async function resolveRunId(context: CommandContext, idOrPrefix: string): Promise<string> {
  if (context.isRemote)
    return (await import('./remote-home.ts')).findRemoteRunId(await context.connection(), idOrPrefix);
  return (await context.workspace()).runs.find(idOrPrefix).runId;
}

/** Reads a run by the unique beginning of its id. */
export async function readRun(
  context: CommandContext,
  idOrPrefix: string,
): Promise<{ runId: string; jobId: string; status: StoredStatus; reason: string | null }> {
  if (!context.isRemote) return (await context.workspace()).runs.find(idOrPrefix);
  const asked = { run_id: await resolveRunId(context, idOrPrefix), log_lines: 0, sample_items: 0 };
  const { run_id: runId, job_id: jobId, ...run } = (await context.call('get_run', asked)).run;
  return { runId, jobId, ...run };
}

/** For long-running commands: ends this process with an error once other processes use another database file. */
export async function exitWhenDetached({ globals }: CommandContext): Promise<void> {
  onDetached((error) => {
    // Reported at exit, when the terminal is restored.
    process.once('exit', () => reportError(error, { json: false, ...globals, home: globals.homeArgument }));
    process.exit(EXIT.failed);
  });
}
