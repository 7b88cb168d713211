import { type Happening, type HomeEvent, jobOf } from '../live/home-data.ts';
import type { Slice } from '../state/slice.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';

/** What has happened in the home since the dashboard was opened, as far as somebody would want to know later. */
export interface Happenings {
  /** Oldest first. */
  readonly list: readonly Happening[];
  /** How many of them nobody here has looked at; what was done from here does not count. */
  readonly unseen: number;
}

export const NO_HAPPENINGS: Happenings = { list: [], unseen: 0 };

const KEPT = 500;

/** Keeps what was changed and by whom, and how runs fared; runs that go as always are no news. Before the home's slice. */
export const happeningsSlice: Slice = (state, event) => {
  if (event.kind !== 'home') return step(state);
  const news = newsIn(state, event);
  if (news.length === 0) return step(state);
  const { list, unseen } = state.happenings;
  const foreign = news.filter(({ by }) => by !== 'tui').length;
  const happenings = { list: [...list, ...news].slice(-KEPT), unseen: Math.min(KEPT, unseen + foreign) };
  return step({ ...state, happenings });
};

/** What of an event somebody would want to know; `state` is the one before it. */
export function newsIn(state: State, event: HomeEvent): Happening[] {
  return [...event.happened.flatMap((each) => newsOf(each, state)), ...schedulerNews(state, event)];
}

const ILL: readonly string[] = ['failed', 'paused', 'retrying', 'invalid'];

function newsOf(happening: Happening, { home, journal }: State): Happening[] {
  const { jobId, runId, by, tone, text } = happening;
  if (runId === null) {
    const isOurs = text === 'deleted' && by === null && jobId !== null && journal.fresh.get(jobId) === null;
    return [isOurs ? { ...happening, by: 'tui' } : happening];
  }
  if (tone === 'bad') return [happening];
  if (tone !== 'good') return text === 'was cancelled' ? [happening] : [];
  const before = jobOf(home?.jobs ?? [], jobId);
  return before !== undefined && wasIll(before) ? [{ ...happening, text: `recovered: ${text}` }] : [];
}

/** It fared badly before this run, which is under way by now. */
function wasIll({ state, failures }: { state: string; failures: number }): boolean {
  return failures > 0 || ILL.includes(state);
}

function schedulerNews({ home }: State, { data }: HomeEvent): Happening[] {
  const [before, now] = [home?.scheduler.state, data.scheduler.state];
  if (before === undefined || before === now) return [];
  const told = { at: data.readAt, jobId: null, runId: null, by: null };
  if (now === 'running') return [{ ...told, tone: 'good', text: `was started, pid ${data.scheduler.pid}` }];
  return [
    now === 'stopping'
      ? { ...told, tone: 'plain', text: 'was asked to stop' }
      : { ...told, tone: 'bad', text: 'ended' },
  ];
}
