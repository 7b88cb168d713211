import { withHint } from '../text/sentence.ts';
import type { AnswerEvent } from './event.ts';
import type { Reducer } from './reducer.ts';
import type { State } from './state.ts';
import { step } from './step.ts';

export type Tone = 'info' | 'good' | 'warning' | 'bad';

/** Something that happened, said in one line. It is shown for a while and kept in the list of notices. */
export interface Notice {
  /** Epoch milliseconds. */
  at: number;
  tone: Tone;
  text: string;
  /** Shown on the notice line until then (epoch ms); 0 when it was shown long enough. */
  until: number;
}

const KEPT = 200;
const SHOWN_MS: Record<Tone, number> = { info: 4000, good: 4000, warning: 8000, bad: 12_000 };

/** The state with one notice more, which takes the notice line. */
export function withNotice(state: State, tone: Tone, text: string): State {
  return keepNotices(state, [noticeOf(state, tone, text)]);
}

export function noticeOf({ now }: State, tone: Tone, text: string): Notice {
  return { at: now, tone, text, until: now + SHOWN_MS[tone] };
}

/**
 * The state with more notices. What was shown before does not come back after them, as if it were news; only something
 * bad does, unless there is now something newer about the same.
 */
export function keepNotices(state: State, notices: readonly Notice[]): State {
  const told = new Set(notices.map(subjectOf));
  const isOver = (notice: Notice) =>
    notice.until > 0 && (notice.tone !== 'bad' || told.has(subjectOf(notice)));
  const before =
    notices.length === 0
      ? state.notices
      : state.notices.map((notice) => (isOver(notice) ? { ...notice, until: 0 } : notice));
  return { ...state, notices: [...before, ...notices].slice(-KEPT) };
}

/** The job, as a rule. */
function subjectOf({ text }: Notice): string | undefined {
  return text.split(': ', 1)[0];
}

/** What the notice line shows now. */
export function shownNotice({ notices, now }: State): Notice | undefined {
  const last = notices.findLast(({ until }) => until > 0);
  return last !== undefined && last.until > now ? last : undefined;
}

/** Says what went well or wrong with what was asked for, and takes back what was shown long enough. */
export const noticesReducer: Reducer = (state, event) => {
  switch (event.kind) {
    case 'said':
      return step(withNotice(state, event.tone, event.text));
    case 'answer':
      return step(afterAnswer(state, event));
    case 'outside_ended':
    case 'text_edited':
      return step(event.problem === undefined ? state : withNotice(state, 'bad', event.problem));
    case 'tick':
      return step(withoutPast(state));
    default:
      return step(state);
  }
};

/** Takes those off the notice line whose time is over. */
function withoutPast(state: State): State {
  const isPast = ({ until }: Notice) => until > 0 && until <= state.now;
  if (!state.notices.some(isPast)) return state;
  return {
    ...state,
    notices: state.notices.map((notice) => (isPast(notice) ? { ...notice, until: 0 } : notice)),
  };
}

function afterAnswer(state: State, answer: AnswerEvent): State {
  if (answer.ok) return answer.done === undefined ? state : withNotice(state, 'good', answer.done);
  if (answer.quiet) return state;
  const { message, hint } = answer.failure;
  return withNotice(state, 'bad', withHint(message, hint));
}
