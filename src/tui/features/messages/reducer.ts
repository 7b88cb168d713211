import { withHint } from '../../../core/lib/text.ts';
import type { Reducer, State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { openDialog, step } from '../../kernel/step.ts';
import type { MessagesAnswer } from './model.ts';

const MAX_MESSAGES = 200;
const LIST_TAG = 'messages.list';
const TEST_TAG = 'messages.test';

/** Opens the messages of all channels, or only those about a job, and reads them. */
export function openMessages(state: State, jobId: string | null): Step {
  const { state: opened } = openDialog(state, { kind: 'messages', jobId, answer: undefined, index: 0 });
  return readMessages(opened, jobId);
}

function readMessages(state: State, jobId: string | null): Step {
  const params = { limit: MAX_MESSAGES, ...(jobId !== null && { job_id: jobId }) };
  return step(state, { kind: 'call', name: 'list_messages', params, tag: LIST_TAG, quiet: true });
}

/** Sends a test message. The notice that follows says whether the channel took it. */
export function testChannel(state: State, channel: string): Step {
  const asked = withNotice(state, 'info', `A test message goes to ${channel}…`, channel);
  return step(asked, { kind: 'call', name: 'test_channel', params: { channel }, tag: TEST_TAG });
}

/** Keeps the open list up to date, and says how a test ended. */
export const messagesReducer: Reducer = (state, event) => {
  if (event.kind === 'answer' && event.tag === TEST_TAG && event.name === 'test_channel' && event.ok) {
    const { channel, sent, error } = event.output;
    return step(
      sent
        ? withNotice(state, 'good', `${channel} took the test message.`, channel)
        : withNotice(state, 'bad', `${channel} did not take the test message: ${error}`, channel),
    );
  }
  const { dialog } = state;
  if (dialog?.kind !== 'messages') return step(state);
  // Messages are sent by a process of their own, so no change of a job announces them.
  if (event.kind === 'tick') return readMessages(state, dialog.jobId);
  if (event.kind !== 'answer' || event.tag !== LIST_TAG || event.name !== 'list_messages') return step(state);
  const answer: MessagesAnswer = event.ok
    ? event.output.messages
    : { problem: withHint(event.failure.message, event.failure.hint) };
  return step({ ...state, dialog: { ...dialog, answer, index: keepIndex(dialog, answer) } });
};

/** The row of the selected message after new ones have come above it. */
function keepIndex(
  { answer: before, index }: { answer: MessagesAnswer; index: number },
  answer: MessagesAnswer,
): number {
  const selected = isList(before) ? before[index]?.message_id : undefined;
  if (!isList(answer) || index === 0) return index;
  const found = answer.findIndex(({ message_id }) => message_id === selected);
  return found < 0 ? Math.min(index, Math.max(0, answer.length - 1)) : found;
}

function isList(answer: MessagesAnswer): answer is Extract<MessagesAnswer, readonly unknown[]> {
  return Array.isArray(answer);
}

/** The messages of an answer; empty until they were read. */
export function messagesOf({ answer }: { answer: MessagesAnswer }) {
  return isList(answer) ? answer : [];
}
