import type { AnswerEvent } from './event.ts';
import type { Slice } from './slice.ts';
import type { State } from './state.ts';
import { step } from './step.ts';

export type Tone = 'info' | 'good' | 'warning' | 'bad';

/** Something that happened, said in one line. It is shown for a while and kept in the list of notices. */
export interface Notice {
  at: number;
  tone: Tone;
  text: string;
  /** Shown on the notice line until then. */
  until: number;
}

const KEPT = 200;
const SHOWN_MS: Record<Tone, number> = { info: 4000, good: 4000, warning: 8000, bad: 12_000 };

/** The state with one notice more, which takes the notice line. */
export function withNotice(state: State, tone: Tone, text: string): State {
  const notice = { at: state.now, tone, text, until: state.now + SHOWN_MS[tone] };
  return { ...state, notices: [...state.notices, notice].slice(-KEPT) };
}

/** What the notice line shows now. */
export function shownNotice({ notices, now }: State): Notice | undefined {
  const last = notices.at(-1);
  return last !== undefined && last.until > now ? last : undefined;
}

/** Says what went well or wrong with what was asked for, and takes back what was shown long enough. */
export const noticesSlice: Slice = (state, event) => {
  switch (event.kind) {
    case 'said':
      return step(withNotice(state, event.tone, event.text));
    case 'answer':
      return step(afterAnswer(state, event));
    case 'outside_ended':
    case 'text_edited':
      return step(event.problem === undefined ? state : withNotice(state, 'bad', event.problem));
    default:
      return step(state);
  }
};

function afterAnswer(state: State, answer: AnswerEvent): State {
  if (answer.ok) return answer.done === undefined ? state : withNotice(state, 'good', answer.done);
  if (answer.quiet) return state;
  const { message, hint } = answer.failure;
  return withNotice(state, 'bad', hint === undefined ? message : `${message} ${hint}`);
}
