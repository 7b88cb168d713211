import type { RunOutput } from '../../../core/operations/run-output.ts';
import { runFiles } from '../../../core/runs/run-files.ts';
import { toFailure } from '../../kernel/call.ts';
import type { SubscriptionOf } from '../../kernel/model.ts';
import type { EffectContext, Unsubscribe } from '../../runtime/effect-context.ts';
import { invokeWithinPolicy } from '../../runtime/run-call.ts';
import { requiredFields } from '../items/missing-values.ts';
import type { LogEvent, LogLine } from '../log/model.ts';
import { LogReader } from '../log/watch-log.ts';
import type { TabAnswer, TabData } from './model.ts';

/** The cursor has to stay on a job this long (ms) before a tab is filled. */
const DEBOUNCE_MS = 60;
/** What stands below a tab does not take time from a key that is held, and comes after the tab. */
const BELOW_DEBOUNCE_MS = 200;
/** The interval in ms at which a configuration is checked for changes. */
const CONFIG_INTERVAL_MS = 2_000;
const MAX_LISTED_RUNS = 100;
const MAX_CHARTED_RUNS = 500;
const MAX_ITEMS = 100;
const MAX_LOG_LINES = 300;

type JobTab = SubscriptionOf<'job_tab'>;
type Send = (answer: TabAnswer) => void;

/** Fills a tab of a job's detail, and keeps a log and a configuration up to date. */
export function watchJobTab(wanted: JobTab, context: EffectContext): Unsubscribe {
  let ended = false;
  let stop: (() => void) | undefined;
  const send: Send = (answer) => {
    if (!ended) context.send({ kind: 'job_tab', jobId: wanted.jobId, tab: wanted.tab, answer });
  };
  const timer = setTimeout(
    () => {
      stop = fill(wanted, context, send);
    },
    wanted.below === undefined ? DEBOUNCE_MS : BELOW_DEBOUNCE_MS,
  );
  return () => {
    ended = true;
    clearTimeout(timer);
    stop?.();
  };
}

function fill(wanted: JobTab, context: EffectContext, send: Send): (() => void) | undefined {
  const { jobId, tab, about } = wanted;
  if (about === undefined && tab !== 'runs' && tab !== 'charts') {
    send({ data: { tab: 'none', text: NOTHING[tab] } });
    return undefined;
  }
  switch (tab) {
    case 'log':
      return followLog(context, { jobId, runId: about ?? '', once: wanted.below === 'once' }, send);
    case 'config':
      return followConfig(context, about ?? '', send);
    case 'items':
      answerOnce(readItems(context, about ?? ''), send);
      return undefined;
    case 'runs':
      answerOnce(
        readRuns(context, jobId, MAX_LISTED_RUNS).then(({ runs, total }) => ({ tab, runs, total })),
        send,
      );
      return undefined;
    case 'charts':
      answerOnce(
        readRuns(context, jobId, MAX_CHARTED_RUNS).then(({ runs }) => ({ tab, runs })),
        send,
      );
      return undefined;
    default:
      return tab satisfies never;
  }
}

const NOTHING = {
  log: 'The job has not run yet.',
  items: 'The job has not run yet.',
  config: 'The file of the job names no configuration that can be read.',
} as const;

function answerOnce(reading: Promise<TabData>, send: Send): void {
  reading.then(
    (data) => send({ data }),
    (error: unknown) => send({ failure: toFailure(error) }),
  );
}

function readRuns(
  context: EffectContext,
  jobId: string,
  limit: number,
): Promise<{ runs: readonly RunOutput[]; total: number }> {
  return invokeWithinPolicy(context, 'list_runs', { job_id: jobId, limit });
}

async function readItems(context: EffectContext, runId: string): Promise<TabData> {
  const [{ items, total }, { run }] = await Promise.all([
    invokeWithinPolicy(context, 'list_items', { run_id: runId, limit: MAX_ITEMS }),
    invokeWithinPolicy(context, 'get_run', { run_id: runId, log_lines: 0, sample_items: 0 }),
  ]);
  return { tab: 'items', runId, items, total, required: requiredFields(run) };
}

/** Sends the last lines of a log, and again whenever there are more, unless they are wanted `once`. */
function followLog(
  { workspace }: EffectContext,
  { jobId, runId, once }: { jobId: string; runId: string; once: boolean },
  send: Send,
): () => void {
  let lines: readonly LogLine[] = [];
  const reader = new LogReader(runFiles(workspace.paths, jobId, runId).log, (event: LogEvent) => {
    if (once) reader.close();
    if (event.kind === 'unreadable') {
      send({ data: { tab: 'none', text: event.problem } });
      return;
    }
    if (event.kind !== 'end' && event.kind !== 'renewed' && event.kind !== 'added') return;
    const before = event.kind === 'added' ? lines : [];
    lines = [...before, ...event.page.lines].slice(-MAX_LOG_LINES);
    const { unfinished } = event.page;
    send({ data: { tab: 'log', runId, lines: unfinished === undefined ? lines : [...lines, unfinished] } });
  });
  return () => reader.close();
}

/** Sends a configuration, and again after each change of it. */
function followConfig(context: EffectContext, name: string, send: Send): () => void {
  let sent: string | undefined;
  const look = async (): Promise<void> => {
    try {
      const { yaml, revision } = await invokeWithinPolicy(context, 'get_config', { config_name: name });
      if (revision !== sent) send({ data: { tab: 'config', yaml } });
      sent = revision;
    } catch (error) {
      const failure = toFailure(error);
      if (failure.message !== sent) send({ failure });
      sent = failure.message;
    }
  };
  void look();
  const timer = setInterval(() => void look(), CONFIG_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
