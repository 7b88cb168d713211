import { dirname, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DAY_MS } from '../../../core/lib/clock.ts';
import { pluralize, truncateList } from '../../../core/lib/text.ts';
import { describeErrorKind } from '../../../core/model/describe-error-kind.ts';
import { formatNotify } from '../../../core/model/notify-events.ts';
import { type HistoryRun, hasFailed } from '../../../core/runs/last-run.ts';
import { SETTING_KEYS } from '../../../core/settings/setting-rules.ts';
import {
  type ActivityEntry,
  describeAuthor,
  findJobRow,
  type HomeData,
  type HomeEvent,
  toAuthor,
} from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import type { Notice, Reducer, State, Tone } from '../../kernel/model.ts';
import { addNotices, createNotice, RESTORED } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { wasImported } from '../undo/journal.ts';

const MAX_ENTRIES = 500;

/** The state of a dashboard that is opened now and was last left at this instant (epoch ms), if that is known. */
export function withLastVisit(state: State, leftAt: number | undefined): State {
  return { ...state, activity: { ...state.activity, lastVisitAt: leftAt ?? null, openedAt: state.now } };
}

/**
 * Records changes with their authors, and run outcomes. Runs that succeed as usual are not recorded. This reducer comes
 * before the home's reducer.
 */
export const activityReducer: Reducer = (state, event) => {
  if (event.kind !== 'home') return step(state);
  const missed = activitySinceLastVisit(state, event);
  const news = [...missed, ...newActivity(state, event)];
  if (news.length === 0) return step(state);
  const foreign = news.filter(({ by, runId }) => by !== 'tui' || runId !== null).length;
  const known = [...state.activity.list, ...news];
  // The histories of thousands of jobs arrive one after the other, so the entries may be out of order.
  const list = missed.length === 0 ? known : known.toSorted((one, other) => one.at - other.at);
  const unseen = Math.min(MAX_ENTRIES, state.activity.unseen + foreign);
  return step({ ...state, activity: { ...state.activity, list: list.slice(-MAX_ENTRIES), unseen } });
};

/**
 * The activity before the dashboard was opened, from the rows when they are first read and when their history arrives.
 */
function activitySinceLastVisit(
  { home, activity: { lastVisitAt } }: State,
  { data, changed }: HomeEvent,
): ActivityEntry[] {
  if (lastVisitAt === null) return [];
  if (home === undefined)
    return data.jobs.flatMap((row) => [...editsSince(row, lastVisitAt), ...runsSince(row, lastVisitAt)]);
  return changed.flatMap((id) => {
    const row = findJobRow(data.jobs, id);
    const isNews = row?.isHistoryKnown === true && findJobRow(home.jobs, id)?.isHistoryKnown === false;
    return isNews ? runsSince(row, lastVisitAt) : [];
  });
}

const MAX_PAST = 100;

/**
 * What went wrong in the last 24 hours, before the list of activity begins: failed runs and recoveries, paused jobs, and
 * channels that still fail. Newest first, at most {@link MAX_PAST}.
 */
export function pastActivity({
  home,
  now,
  activity: { lastVisitAt, openedAt },
}: State): readonly ActivityEntry[] {
  if (home === undefined) return [];
  const [since, until] = [now - DAY_MS, lastVisitAt ?? openedAt ?? now];
  if (until <= since) return [];
  const ofJobs = home.jobs.flatMap((row) => [
    ...editsSince(row, since).filter(({ tone }) => tone === 'bad'),
    ...runsSince(row, since, until),
  ]);
  const ofChannels = home.failingChannels.map(
    ({ channel, since: at, error }): ActivityEntry => ({
      what: 'channel',
      at,
      jobId: null,
      runId: null,
      by: null,
      tone: 'bad',
      text: `${channel} fails: ${error}`,
    }),
  );
  return [...ofJobs, ...ofChannels]
    .filter(({ at }) => at > since && at <= until)
    .toSorted((one, other) => other.at - one.at)
    .slice(0, MAX_PAST);
}

/** The edits of a job since an instant (epoch ms), as far as the job's row still records them. */
export function editsSince(row: JobRow, since: number): ActivityEntry[] {
  const base = { what: 'other', jobId: row.id, runId: null } as const;
  const news: ActivityEntry[] = [];
  if (row.updatedAt !== null && row.updatedAt > since) {
    const [text, by] = row.revision === 1 ? ['created', row.createdBy] : ['edited', row.updatedBy];
    news.push({ ...base, at: row.updatedAt, by: by as ActivityEntry['by'], tone: 'plain', text });
  }
  if (row.pausedAt !== null && row.pausedAt > since) {
    const text = `paused after ${pluralize(row.failures, 'failure')}`;
    news.push({ ...base, at: row.pausedAt, by: 'scheduler', tone: 'bad', text });
  }
  return news;
}

/** The run outcomes of a job between two instants (epoch ms): failures, their number, and a recovery. */
export function runsSince(row: JobRow, since: number, until = Number.POSITIVE_INFINITY): ActivityEntry[] {
  // A shortcut: most jobs have no run since then, so their history is not searched.
  if (row.last === null || (row.last.finishedAt ?? 0) <= since) return [];
  const over = row.history.filter((run) => run.status === 'succeeded' || hasFailed(run));
  const recent = over.filter(
    ({ finishedAt }) => finishedAt !== null && finishedAt > since && finishedAt <= until,
  );
  const failed = recent.filter(hasFailed);
  const lastFailed = failed.at(-1);
  const recovery = recent.findLast((run) => isRecovery(run, over[over.indexOf(run) - 1]));
  return [
    ...(lastFailed === undefined ? [] : [runEntry(row.id, lastFailed, describeFailures(failed, lastFailed))]),
    ...(recovery === undefined
      ? []
      : [runEntry(row.id, recovery, `recovered: succeeded, ${pluralize(recovery.items, 'item')}`)]),
  ];
}

function isRecovery({ status }: HistoryRun, before: HistoryRun | undefined): boolean {
  return status === 'succeeded' && before !== undefined && hasFailed(before);
}

function describeFailures(failed: readonly HistoryRun[], { status, errorKind }: HistoryRun): string {
  const { word } = STATUS_DISPLAY[status];
  const how =
    errorKind === null || status === 'timed_out' ? word : `${word}: ${describeErrorKind(errorKind)}`;
  return failed.length === 1 ? how : `failed ${failed.length} times, last ${how}`;
}

function runEntry(jobId: string, run: HistoryRun, text: string): ActivityEntry {
  const tone = run.status === 'succeeded' ? 'good' : 'bad';
  return {
    what: 'other',
    at: run.finishedAt ?? 0,
    jobId,
    runId: run.runId,
    by: toAuthor(run.requestedBy),
    tone,
    text,
  };
}

/** What the database has lost since the last visit, as far as that is known. */
export function newLoss(
  { activity: { lastVisitAt } }: State,
  { loss }: HomeData,
): NonNullable<HomeData['loss']> | undefined {
  return loss === null || loss.at <= (lastVisitAt ?? 0) ? undefined : loss;
}

/** The notable activity in an event; `state` is the state before it. */
function newActivity(state: State, event: HomeEvent): ActivityEntry[] {
  return [
    ...event.activity.flatMap((each) => toActivity(each, state, event)),
    ...schedulerActivity(state, event),
  ];
}

const UNHEALTHY_STATES: readonly string[] = ['failed', 'paused', 'retrying', 'invalid'];

function toActivity(entry: ActivityEntry, state: State, event: HomeEvent): ActivityEntry[] {
  const { home } = state;
  const { what, jobId, runId, tone, text } = entry;
  if (runId === null) return [withAuthor(entry, state, event)];
  if (tone === 'bad') return [entry];
  if (tone !== 'good') return what === 'cancelled' ? [entry] : [];
  const before = findJobRow(home?.jobs ?? [], jobId);
  return before !== undefined && wasUnhealthy(before) ? [{ ...entry, text: `recovered: ${text}` }] : [];
}

/**
 * Adds the author to a deletion or a restore. The row itself does not record it, but the answers to this dashboard's
 * own calls do.
 */
function withAuthor(
  entry: ActivityEntry,
  { journal, activity: { list } }: State,
  event: HomeEvent,
): ActivityEntry {
  const { what, jobId, by, text } = entry;
  if (jobId === null) return entry;
  const ours = journal.fresh.get(jobId);
  if (what === 'deleted') return by === null && ours === null ? { ...entry, by: 'tui' } : entry;
  if (what !== 'created') return entry;
  // A job restored from the trash keeps its revision and its first author.
  const wasThere = (findJobRow(event.data.jobs, jobId)?.revision ?? 1) > 1;
  if (!ours) return wasThere ? { ...entry, by: null, text: 'restored' } : entry;
  if (wasImported(journal, jobId)) return { ...entry, by: 'tui', text: 'imported' };
  const wasDeleted = list.some((each) => each.jobId === jobId && each.what === 'deleted');
  return { ...entry, by: 'tui', text: wasThere || wasDeleted ? 'restored' : text };
}

/** Whether the job was failing before this run, which is already active. */
function wasUnhealthy({ state, failures }: { state: string; failures: number }): boolean {
  return failures > 0 || UNHEALTHY_STATES.includes(state);
}

function schedulerActivity({ home }: State, { data }: HomeEvent): ActivityEntry[] {
  const [before, now] = [home?.scheduler.state, data.scheduler.state];
  if (before === undefined || before === now) return [];
  const base = { what: 'other', at: data.readAt, jobId: null, runId: null, by: null } as const;
  if (now === 'running') return [{ ...base, tone: 'good', text: `was started, pid ${data.scheduler.pid}` }];
  return [
    now === 'stopping'
      ? { ...base, tone: 'plain', text: 'was asked to stop' }
      : { ...base, tone: 'bad', text: 'ended' },
  ];
}

/** More entries than this in one event are summarized in one line. */
const ONE_BY_ONE = 3;

/**
 * Shows notices for changes that other clients made to jobs, and for notable run outcomes. These are the new entries of
 * the activity list, plus the outcome of each run requested from this dashboard. This reducer comes before the home's
 * reducer.
 */
export const homeNoticesReducer: Reducer = (state, event) => {
  if (event.kind !== 'home') return step(state);
  const announced = announcedActivity(state, event);
  const notices =
    announced.length > ONE_BY_ONE
      ? [summary(state, announced)]
      : announced.map((each) => noticeFor(state, each));
  const all = [...notices, ...settingsNotices(state, event), ...lossNotices(state, event)];
  return step(all.length === 0 ? state : addNotices(state, all));
};

function describeSetting(value: unknown): string {
  return Array.isArray(value) ? formatNotify(value) : String(value);
}

/** Reports changed settings, and a mistake in their file. */
function settingsNotices(state: State, { data: { settings: now } }: HomeEvent): Notice[] {
  const before = state.home?.settings;
  if (before === undefined || before === now) return [];
  if (now.problem !== null) {
    if (now.problem === before.problem) return [];
    const place = now.problem.replace(`${dirname(state.paths.settings)}${sep}`, '');
    return [createNotice(state, 'bad', `${place}. The settings before it are shown.`, 'settings')];
  }
  const changed = SETTING_KEYS.filter((key) => !isDeepStrictEqual(before.values[key], now.values[key]));
  if (changed.length === 0)
    return [createNotice(state, 'good', 'settings.yaml can be used again.', 'settings')];
  const list = changed.map((key) => `${key} is ${describeSetting(now.values[key])}`);
  return [createNotice(state, 'info', `Settings: ${truncateList(list)}`, 'settings')];
}

/** Reports data loss of the database once it is known. */
function lossNotices(state: State, { data }: HomeEvent): Notice[] {
  const loss = newLoss(state, data);
  if (loss === undefined || loss.at === state.home?.loss?.at) return [];
  // The user has just restored a backup, and knows.
  if (state.notices.some(({ subject, until }) => subject === RESTORED && until > state.now)) return [];
  return [createNotice(state, 'bad', `Data was lost, D shows more: ${loss.text}`, 'data loss')];
}

/**
 * The entries to announce. Changes made from this dashboard are left out: their notice was shown when they were made.
 */
function announcedActivity(state: State, event: HomeEvent): ActivityEntry[] {
  const ended = event.activity.filter(
    ({ by, tone, runId }) => by === 'tui' && runId !== null && tone === 'good',
  );
  const runs = new Set(ended.map(({ runId }) => runId));
  const news = newActivity(state, event).filter(({ by, runId }) =>
    runId === null ? by !== 'tui' : !runs.has(runId),
  );
  return [...news, ...ended];
}

function noticeFor(state: State, { jobId, text, by, tone }: ActivityEntry): Notice {
  const who = describeAuthor(by);
  return createNotice(
    state,
    toneOf(tone),
    `${jobId ?? 'The scheduler'}${jobId === null ? '' : ':'} ${text}${who === '' ? '' : ` (${who})`}`,
    jobId ?? 'scheduler',
  );
}

function summary(state: State, announced: readonly ActivityEntry[]): Notice {
  const jobs = [...new Set(announced.flatMap(({ jobId }) => jobId ?? []))];
  const bad = announced.filter(({ tone }) => tone === 'bad').length;
  const words = `${announced.length} changes${bad === 0 ? '' : `, ${bad} of them bad`}: ${truncateList(jobs)}`;
  return createNotice(state, bad === 0 ? 'info' : 'bad', words);
}

function toneOf(tone: ActivityEntry['tone']): Tone {
  return tone === 'plain' ? 'info' : tone;
}
