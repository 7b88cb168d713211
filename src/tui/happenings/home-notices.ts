import { firstFew } from '../../core/first-few.ts';
import { authorWords } from '../home/author-words.ts';
import type { Happening, HomeEvent } from '../home/home-data.ts';
import { keepNotices, type Notice, noticeOf, type Tone } from '../state/notices.ts';
import type { Reducer } from '../state/reducer.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import { newLoss, newsIn } from './happenings.ts';

/** More than this at once is told in one line. */
const ONE_BY_ONE = 3;

/**
 * Tells on the notice line what others did to the jobs, and how runs went that are worth a word: the same that the list of
 * what has happened keeps, and how a run ended that was asked for here. Before the home's reducer.
 */
export const homeNoticesReducer: Reducer = (state, event) => {
  if (event.kind !== 'home') return step(state);
  const told = toldIn(state, event);
  const notices =
    told.length > ONE_BY_ONE ? [summary(state, told)] : told.map((each) => noticeFor(state, each));
  const lost = lossNotices(state, event);
  return step(notices.length + lost.length === 0 ? state : keepNotices(state, [...notices, ...lost]));
};

/** That the database lost something is told once it is known. */
function lossNotices(state: State, { data }: HomeEvent): Notice[] {
  const loss = newLoss(state, data);
  if (loss === undefined || loss.at === state.home?.loss?.at) return [];
  return [noticeOf(state, 'bad', `Something was lost, D says more: ${loss.text}`)];
}

/** What was done here has been told when it was done. */
function toldIn(state: State, event: HomeEvent): Happening[] {
  const ended = event.happened.filter(
    ({ by, tone, runId }) => by === 'tui' && runId !== null && tone === 'good',
  );
  const runs = new Set(ended.map(({ runId }) => runId));
  const news = newsIn(state, event).filter(({ by, runId }) =>
    runId === null ? by !== 'tui' : !runs.has(runId),
  );
  return [...news, ...ended];
}

function noticeFor(state: State, { jobId, text, by, tone }: Happening): Notice {
  const who = authorWords(by);
  return noticeOf(
    state,
    toneOf(tone),
    `${jobId ?? 'The scheduler'}${jobId === null ? '' : ':'} ${text}${who === '' ? '' : ` (${who})`}`,
  );
}

function summary(state: State, told: readonly Happening[]): Notice {
  const jobs = [...new Set(told.flatMap(({ jobId }) => jobId ?? []))];
  const bad = told.filter(({ tone }) => tone === 'bad').length;
  const words = `${told.length} changes${bad === 0 ? '' : `, ${bad} of them bad`}: ${firstFew(jobs)}`;
  return noticeOf(state, bad === 0 ? 'info' : 'bad', words);
}

function toneOf(tone: Happening['tone']): Tone {
  return tone === 'plain' ? 'info' : tone;
}
