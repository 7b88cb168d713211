import { withHint } from '../../core/lib/text.ts';
import type { AnswerEvent } from './call.ts';
import type { Notice, Reducer, State, Tone } from './model.ts';
import { step } from './step.ts';

const MAX_NOTICES = 200;
const VISIBLE_MS: Record<Tone, number> = { info: 4000, good: 4000, warning: 8000, bad: 12_000 };

/** Adds a notice and shows it on the notice line. `subject` is as in {@link createNotice}. */
export function withNotice(state: State, tone: Tone, text: string, subject?: string): State {
  return addNotices(state, [createNotice(state, tone, text, subject)]);
}

/** @param subject what the notice is about, such as the id of a job; without one, only the same text repeats it */
export function createNotice({ now }: State, tone: Tone, text: string, subject = text): Notice {
  return { at: now, tone, text, subject, until: now + VISIBLE_MS[tone] };
}

/**
 * Adds notices. A notice that was shown before does not return after them, because it would appear to be new. A bad one
 * does return, unless there is a newer one about the same subject.
 */
export function addNotices(state: State, notices: readonly Notice[]): State {
  const newSubjects = new Set(notices.map(({ subject }) => subject));
  const isSuperseded = (notice: Notice) =>
    notice.until > 0 && (notice.tone !== 'bad' || newSubjects.has(notice.subject));
  const before =
    notices.length === 0
      ? state.notices
      : state.notices.map((notice) => (isSuperseded(notice) ? { ...notice, until: 0 } : notice));
  return { ...state, notices: [...before, ...notices].slice(-MAX_NOTICES) };
}

/** The subject of the reason why an action is not available. It is about the view in which its key was pressed. */
export const NOT_AVAILABLE = 'not available';

/** The subject of the notice that a backup was restored. */
export const RESTORED = 'restored';

/** Takes such a reason from the notice line, when its view is left. */
export function withoutReasons(state: State): State {
  return withoutNotices(state, (subject) => subject === NOT_AVAILABLE);
}

/** Takes notices about some subjects from the notice line. */
export function withoutNotices(state: State, isGone: (subject: string) => boolean): State {
  const goes = ({ subject, until }: Notice) => until > 0 && isGone(subject);
  if (!state.notices.some(goes)) return state;
  return {
    ...state,
    notices: state.notices.map((notice) => (goes(notice) ? { ...notice, until: 0 } : notice)),
  };
}

/** The notice for the notice line. */
export function visibleNotice({ notices, now }: State): Notice | undefined {
  const last = notices.findLast(({ until }) => until > 0);
  return last !== undefined && last.until > now ? last : undefined;
}

/** Adds notices about the outcome of calls and editors, and removes expired ones from the notice line. */
export const noticesReducer: Reducer = (state, event) => {
  switch (event.kind) {
    case 'said':
      return step(withNotice(state, event.tone, event.text, event.subject));
    case 'answer':
      return step(afterAnswer(state, event));
    case 'outside_ended':
    case 'text_edited':
      return step(event.problem === undefined ? state : withNotice(state, 'bad', event.problem));
    case 'tick':
      return step(withoutExpired(state));
    default:
      return step(state);
  }
};

/** Removes expired notices from the notice line. */
function withoutExpired(state: State): State {
  const isExpired = ({ until }: Notice) => until > 0 && until <= state.now;
  if (!state.notices.some(isExpired)) return state;
  return {
    ...state,
    notices: state.notices.map((notice) => (isExpired(notice) ? { ...notice, until: 0 } : notice)),
  };
}

function afterAnswer(state: State, answer: AnswerEvent): State {
  if (answer.ok) return answer.done === undefined ? state : withNotice(state, 'good', answer.done);
  if (answer.quiet) return state;
  const { message, hint } = answer.failure;
  return withNotice(state, 'bad', withHint(message, hint));
}
