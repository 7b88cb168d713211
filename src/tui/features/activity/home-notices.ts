import { truncateList } from '../../../core/lib/truncate-list.ts';
import { describeAuthor } from '../../home/author.ts';
import type { ActivityEntry, HomeEvent } from '../../home/home-data.ts';
import type { Notice, Reducer, State, Tone } from '../../kernel/model.ts';
import { addNotices, createNotice } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { newActivity, newLoss } from './reducer.ts';

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
  const lost = lossNotices(state, event);
  return step(notices.length + lost.length === 0 ? state : addNotices(state, [...notices, ...lost]));
};

/** Reports data loss of the database once it is known. */
function lossNotices(state: State, { data }: HomeEvent): Notice[] {
  const loss = newLoss(state, data);
  if (loss === undefined || loss.at === state.home?.loss?.at) return [];
  return [createNotice(state, 'bad', `Something was lost, D says more: ${loss.text}`)];
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
