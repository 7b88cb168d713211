import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readDataLoss } from '../../../src/core/database/recovery/data-loss.ts';
import { recordResult } from '../../../src/core/execution/record-result.ts';
import type { RunRecord } from '../../../src/core/model/run-record.ts';
import { SchedulerLoop } from '../../../src/core/scheduler/scheduler-loop.ts';
import { openWorkspace, type Workspace } from '../../../src/core/workspace.ts';
import { FakeExecutor } from '../../fake-executor.ts';
import { ManualClock } from '../../manual-clock.ts';
import type { Files } from './disk.ts';
import type { Recorded } from './recording.ts';

/** A command of the session, by the moments of the recording. */
interface Command {
  begun: number;
  /** From here on it has been answered. */
  answered: number;
  args: string[];
  job?: string;
  becomes?: Record<string, unknown> | null;
  answer: string;
}

/** What people and programs outside have seen of a session. */
export interface Seen {
  commands: Command[];
  /** Pages that were asked for, and the run that did. */
  hits: { moment: number; run: RunRecord }[];
  /** Each whole content that an output has ever had, by its name. */
  outputs: Map<string, Set<string>>;
}

/** Reads what was said: by the marks, and for the rest by the history that the session has left. */
export function readSession(recorded: readonly Recorded[], marks: string, left: Workspace): Seen {
  const commands: Command[] = [];
  const hits: Seen['hits'] = [];
  const outputs = new Map<string, Set<string>>();
  const written = new Map<string, Buffer>();
  const runs = left.runs.list({ limit: 10_000 }).runs;
  for (const [moment, each] of recorded.entries()) {
    if (each.do === 'create') written.set(each.path, Buffer.alloc(0));
    if (each.do === 'rename' && each.to.startsWith(`${left.paths.output}/`)) {
      const contents = outputs.get(each.to) ?? new Set();
      outputs.set(each.to, contents.add((written.get(each.path) ?? '').toString()));
    }
    if (each.do !== 'write') continue;
    if (each.path !== marks) {
      if (each.path.startsWith(`${left.paths.output}/`))
        written.set(each.path, Buffer.concat([written.get(each.path) ?? Buffer.alloc(0), each.bytes]));
      continue;
    }
    const text = each.bytes.toString();
    const current = commands.at(-1);
    if (!text.startsWith('{"mark":')) {
      if (current) {
        current.answered = Math.min(current.answered, moment);
        current.answer += text;
      }
      continue;
    }
    const said = JSON.parse(text);
    if (said.mark === 'begin')
      commands.push({ ...said, begun: moment, answered: Number.POSITIVE_INFINITY, answer: '' });
    if (said.mark === 'hit') {
      const run = runs.find(
        ({ jobId, startedAt, finishedAt }) =>
          jobId === said.page && (startedAt ?? Infinity) <= said.at && said.at <= (finishedAt ?? Infinity),
      );
      if (!run) throw new Error(`no run has asked for ${said.page} at ${new Date(said.at).toISOString()}`);
      hits.push({ moment, run });
    }
  }
  return { commands, hits, outputs };
}

/**
 * Puts a state of the disk into a folder, opens it as after a restart of the machine, lets a scheduler go on, and says what
 * of the promises is broken, in words.
 */
export function findBrokenPromises(
  files: Files,
  home: string,
  cut: { after: number; at: number },
  seen: Seen,
): string[] {
  rmSync(home, { recursive: true, force: true });
  const root = dirname(home);
  for (const [path, bytes] of files) {
    if (!join(root, path).startsWith(home)) continue;
    if (bytes) writeFileSync(join(root, path), bytes, { mode: 0o600 });
    else mkdirSync(join(root, path), { mode: 0o700 });
  }
  const clock = new ManualClock(cut.at + 1_500);
  const wrong: string[] = [];
  let workspace: Workspace;
  try {
    workspace = openWorkspace({ home, actor: 'library', clock });
  } catch (error) {
    return [`the home does not open: ${(error as Error).message}`];
  }
  try {
    wrong.push(...judgeJobs(workspace, cut.after, seen.commands));
    wrong.push(...judgeOutputs(workspace, files, seen));
    wrong.push(...judgeHistory(workspace, cut.after, seen));
    wrong.push(...judgeStarts(workspace, clock, cut.after, seen));
    const loss = readDataLoss(workspace.db);
    if (loss && (loss.kind !== 'made' || loss.jobs)) wrong.push(`a loss is told: ${JSON.stringify(loss)}`);
    const notices = workspace.db.takeNotices();
    if (notices.length > 0) wrong.push(`it is said: ${notices.join('; ')}`);
  } catch (error) {
    wrong.push(`the opened home fails: ${(error as Error).stack}`);
  } finally {
    clock.dropTimers();
    workspace.close();
  }
  return wrong;
}

/** No change that was answered is lost; one that was under way is there or not; and nothing is half. */
function judgeJobs(workspace: Workspace, after: number, commands: readonly Command[]): string[] {
  const wrong: string[] = [];
  const entries = new Map(workspace.jobs.list().map((entry) => [entry.id, entry]));
  const ids = new Set(commands.flatMap(({ job }) => job ?? []));
  for (const entry of entries.values()) {
    if (entry.kind !== 'valid') wrong.push(`job ${entry.id} cannot be read`);
    if (!ids.has(entry.id)) wrong.push(`nobody made job ${entry.id}`);
  }
  for (const id of ids) {
    const begun = commands.filter(({ job, begun }) => job === id && begun < after);
    const answered = begun.filter((command) => command.answered < after);
    const may = [answered.at(-1)?.becomes ?? null];
    if (begun.length > answered.length) may.push(begun.at(-1)?.becomes ?? null);
    const entry = entries.get(id);
    const is = entry?.kind === 'valid' ? entry.record.definition : null;
    const fits = may.some((state) =>
      state && is
        ? is.enabled === state['enabled'] && (is.description ?? null) === state['description']
        : state === is,
    );
    if (!fits)
      wrong.push(`job ${id} is ${JSON.stringify(is)}, not ${may.map((m) => JSON.stringify(m)).join(' or ')}`);
  }
  return wrong;
}

function judgeOutputs(workspace: Workspace, files: Files, { outputs }: Seen): string[] {
  const wrong: string[] = [];
  const contents = (path: string) => files.get(path.slice(path.indexOf('home/output/')))?.toString();
  for (const [path, may] of outputs) {
    const is = contents(path);
    if (is !== undefined && !may.has(is))
      wrong.push(`output ${path} is neither the old one nor a new one (${is.length})`);
  }
  for (const { status, outputPath, runId } of workspace.runs.list({ limit: 10_000 }).runs) {
    if (status === 'succeeded' && outputPath && contents(outputPath) === undefined)
      wrong.push(`run ${runId} has succeeded, and its output ${outputPath} is not there`);
  }
  return wrong;
}

/** What has begun is in the history as begun, and no occurrence is there twice. */
function judgeHistory(workspace: Workspace, after: number, { hits, commands }: Seen): string[] {
  const wrong: string[] = [];
  for (const { run } of hits.filter(({ moment }) => moment < after)) {
    const status = workspace.runs.get(run.runId)?.status;
    if (status === undefined) wrong.push(`run ${run.runId} had begun and is not in the history`);
    else if (['queued', 'starting', 'waiting_retry'].includes(status))
      wrong.push(`run ${run.runId} had begun and is ${status}`);
  }
  for (const { answer } of commands.filter(({ args, answered }) => args[1] === 'run' && answered < after)) {
    const { run } = JSON.parse(answer);
    const is = workspace.runs.get(run.run_id)?.status;
    if (is !== run.status) wrong.push(`run ${run.run_id} was answered as ${run.status} and is ${is}`);
  }
  const seen = new Set<string>();
  for (const { jobId, scheduledFor } of workspace.runs.list({ limit: 10_000 }).runs) {
    const key = `${jobId} ${scheduledFor}`;
    if (scheduledFor !== null && seen.has(key)) wrong.push(`${key} is in the history twice`);
    seen.add(key);
  }
  return wrong;
}

/** The scheduler goes on: what had begun does not begin again. */
function judgeStarts(workspace: Workspace, clock: ManualClock, after: number, { hits }: Seen): string[] {
  const wrong: string[] = [];
  const begun = hits.filter(({ moment }) => moment < after);
  const occurrences = new Set(begun.map(({ run }) => `${run.jobId} ${run.scheduledFor ?? run.runId}`));
  // The processes that carried them are gone with the power.
  for (const run of workspace.runs.active().filter(({ status }) => status === 'running'))
    recordResult(workspace, run, { outcome: 'abandoned', error: { kind: 'abandoned', message: 'power' } });
  const executor = new FakeExecutor(workspace);
  executor.onStart = (run) => {
    const key = `${run.jobId} ${run.scheduledFor ?? run.runId}`;
    if (occurrences.has(key)) wrong.push(`${key} begins again`);
  };
  workspace.jobs.copyRuntime = async () => {};
  const said: string[] = [];
  const loop = new SchedulerLoop(
    workspace,
    4,
    (message) => void said.push(String(message)),
    { onStopRequested() {}, onDatabaseReplaced() {} },
    executor,
  );
  loop.begin();
  clock.advance(1);
  return wrong;
}
