import { firstFew } from '../../core/first-few.ts';
import { authorWords } from '../live/author-words.ts';
import type { Happening } from '../live/home-data.ts';
import { keepNotices, type Notice, noticeOf, type Tone } from './notices.ts';
import type { Slice } from './slice.ts';
import type { State } from './state.ts';
import { step } from './step.ts';

/** More than this at once is told in one line. */
const ONE_BY_ONE = 3;
/** Of a storm only the end is kept. */
const MOST = 100;

/**
 * Tells what others did to the jobs, and how runs ended. What the scheduler does all day stays in the list of notices
 * and off the notice line, unless it went wrong.
 */
export const homeNoticesSlice: Slice = (state, event) => {
  if (event.kind !== 'home') return step(state);
  const news = event.happened.filter(isNews).slice(-MOST);
  if (news.length === 0) return step(state);
  const loud = news.filter(isLoud);
  const each = news.map((happening) => {
    const told = loud.length <= ONE_BY_ONE && loud.includes(happening);
    return noticeFor(state, happening, told);
  });
  return step(keepNotices(state, [...each, ...summary(state, loud)]));
};

/** What was done here has its own notice. */
function isNews({ by, runId, text }: Happening): boolean {
  return by !== 'tui' || (runId !== null && text !== 'started');
}

function isLoud({ by, tone }: Happening): boolean {
  return tone === 'bad' || by !== 'scheduler';
}

function noticeFor(state: State, { jobId, text, by, tone }: Happening, told: boolean): Notice {
  const who = authorWords(by);
  const words = `${jobId === null ? '' : `${jobId}: `}${text}${who === '' ? '' : ` (${who})`}`;
  const notice = noticeOf(state, toneOf(tone), words);
  return told ? notice : { ...notice, until: 0 };
}

function summary(state: State, loud: readonly Happening[]): Notice[] {
  if (loud.length <= ONE_BY_ONE) return [];
  const jobs = [...new Set(loud.flatMap(({ jobId }) => jobId ?? []))];
  const bad = loud.filter(({ tone }) => tone === 'bad').length;
  const words = `${loud.length} changes${bad === 0 ? '' : `, ${bad} of them bad`}: ${firstFew(jobs)}`;
  return [noticeOf(state, bad === 0 ? 'info' : 'bad', words)];
}

function toneOf(tone: Happening['tone']): Tone {
  return tone === 'plain' ? 'info' : tone;
}
