import type { Channel } from '../core/channels/channel-rules.ts';
import { MINUTE_MS } from '../core/lib/clock.ts';
import type { Message } from '../core/messages/message-store.ts';
import type { Workspace } from '../core/workspace.ts';
import { deliver } from './kinds/deliver.ts';
import type { Delivery } from './kinds/delivery.ts';
import { composeMessage } from './text/compose-message.ts';

/** How long one attempt may take. */
const ATTEMPT_TIMEOUT_MS = MINUTE_MS;

interface AttemptOptions {
  signal: AbortSignal;
  onAccepted(recipient: string): void;
  /** The time limit, in milliseconds. */
  limitMs?: number;
}

/**
 * Hands messages over as one, within a time limit that holds whatever the receiver does: it may send a byte a minute.
 * Never rejects.
 * @param channel with its `${NAME}` filled in
 */
export async function attemptDelivery(
  workspace: Workspace,
  channel: Channel,
  messages: readonly Message[],
  { signal, onAccepted, limitMs = ATTEMPT_TIMEOUT_MS }: AttemptOptions,
): Promise<Delivery> {
  const [first] = messages;
  if (first === undefined) return { isSent: true };
  const ending = new AbortController();
  const end = () => ending.abort(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const isOver = new Promise<Delivery>((resolve) => {
    ending.signal.addEventListener('abort', () =>
      resolve({
        isSent: false,
        error: `it did not take the message within ${limitMs / 1000} s`,
        isUnreachable: true,
      }),
    );
  });
  // Not AbortSignal.timeout: within AbortSignal.any, Node 20 may collect it as garbage, and it never fires.
  const timer = setTimeout(() => ending.abort(new DOMException('too late', 'TimeoutError')), limitMs);
  try {
    const text = await composeMessage(workspace, channel, messages);
    const { messageId: id, createdAt: time, accepted } = first;
    const handedOver = deliver(channel, { id, time, text, accepted, onAccepted }, ending.signal);
    return await Promise.race([handedOver, isOver]);
  } catch (error) {
    return { isSent: false, error: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
