import { type Happening, type HomeData, type HomeEvent, jobOf } from '../home/home-data.ts';
import type { Reducer } from '../state/reducer.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import { editsSince, runsSince } from './while-away.ts';

/** What has happened in the home since somebody left the dashboard last, as far as one would want to know of it. */
export interface Happenings {
  /** Oldest first. */
  readonly list: readonly Happening[];
  /** How many of them nobody here has looked at; what was done from here does not count. */
  readonly unseen: number;
  /** When the dashboard of this home was left last, epoch ms; `null` when nobody knows. */
  readonly awaySince: number | null;
}

export const NO_HAPPENINGS: Happenings = { list: [], unseen: 0, awaySince: null };

const KEPT = 500;

/** The state of a dashboard that was left at this instant (epoch ms) and is opened again. */
export function withAway(state: State, leftAt: number | undefined): State {
  return leftAt === undefined ? state : { ...state, happenings: { ...state.happenings, awaySince: leftAt } };
}

/** Keeps what was changed and by whom, and how runs fared; runs that go as always are no news. Before the home's reducer. */
export const happeningsReducer: Reducer = (state, event) => {
  if (event.kind !== 'home') return step(state);
  const away = whileAway(state, event);
  const news = [...away, ...newsIn(state, event)];
  if (news.length === 0) return step(state);
  const foreign = news.filter(({ by, runId }) => by !== 'tui' || runId !== null).length;
  const known = [...state.happenings.list, ...news];
  // The histories of thousands of jobs come one after the other.
  const list = away.length === 0 ? known : known.toSorted((one, other) => one.at - other.at);
  const unseen = Math.min(KEPT, state.happenings.unseen + foreign);
  return step({ ...state, happenings: { ...state.happenings, list: list.slice(-KEPT), unseen } });
};

/** What happened before the dashboard was opened: told by the rows when they are first known, and with their runs. */
function whileAway({ home, happenings: { awaySince } }: State, { data, changed }: HomeEvent): Happening[] {
  if (awaySince === null) return [];
  if (home === undefined)
    return data.jobs.flatMap((row) => [...editsSince(row, awaySince), ...runsSince(row, awaySince)]);
  return changed.flatMap((id) => {
    const row = jobOf(data.jobs, id);
    const isNews = row?.isHistoryKnown === true && jobOf(home.jobs, id)?.isHistoryKnown === false;
    return isNews ? runsSince(row, awaySince) : [];
  });
}

/** What the database has lost since the dashboard was left last, as far as anybody knows. */
export function newLoss(
  { happenings: { awaySince } }: State,
  { loss }: HomeData,
): NonNullable<HomeData['loss']> | undefined {
  return loss === null || loss.at <= (awaySince ?? 0) ? undefined : loss;
}

/** What of an event somebody would want to know; `state` is the one before it. */
export function newsIn(state: State, event: HomeEvent): Happening[] {
  return [...event.happened.flatMap((each) => newsOf(each, state, event)), ...schedulerNews(state, event)];
}

const ILL: readonly string[] = ['failed', 'paused', 'retrying', 'invalid'];

function newsOf(happening: Happening, state: State, event: HomeEvent): Happening[] {
  const { home } = state;
  const { what, jobId, runId, tone, text } = happening;
  if (runId === null) return [withAuthor(happening, state, event)];
  if (tone === 'bad') return [happening];
  if (tone !== 'good') return what === 'cancelled' ? [happening] : [];
  const before = jobOf(home?.jobs ?? [], jobId);
  return before !== undefined && wasIll(before) ? [{ ...happening, text: `recovered: ${text}` }] : [];
}

/** A job that is gone or there again does not say whose doing that was: what our own answers told does. */
function withAuthor(
  happening: Happening,
  { journal, happenings: { list } }: State,
  event: HomeEvent,
): Happening {
  const { what, jobId, by, text } = happening;
  if (jobId === null) return happening;
  const ours = journal.fresh.get(jobId);
  if (what === 'deleted') return by === null && ours === null ? { ...happening, by: 'tui' } : happening;
  if (what !== 'created') return happening;
  // Out of the trash it comes with its revision, and with whoever made it first.
  const wasThere = (jobOf(event.data.jobs, jobId)?.revision ?? 1) > 1;
  if (!ours) return wasThere ? { ...happening, by: null, text: 'brought back' } : happening;
  const wasDeleted = list.some((each) => each.jobId === jobId && each.what === 'deleted');
  return { ...happening, by: 'tui', text: wasThere || wasDeleted ? 'brought back' : text };
}

/** It fared badly before this run, which is under way by now. */
function wasIll({ state, failures }: { state: string; failures: number }): boolean {
  return failures > 0 || ILL.includes(state);
}

function schedulerNews({ home }: State, { data }: HomeEvent): Happening[] {
  const [before, now] = [home?.scheduler.state, data.scheduler.state];
  if (before === undefined || before === now) return [];
  const told = { what: 'other', at: data.readAt, jobId: null, runId: null, by: null } as const;
  if (now === 'running') return [{ ...told, tone: 'good', text: `was started, pid ${data.scheduler.pid}` }];
  return [
    now === 'stopping'
      ? { ...told, tone: 'plain', text: 'was asked to stop' }
      : { ...told, tone: 'bad', text: 'ended' },
  ];
}
