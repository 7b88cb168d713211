import type { ChannelOf, ChannelType } from '../../core/channels/channel-rules.ts';
import type { MessageText } from '../text/message-text.ts';

/** A message on its way to a channel. */
export interface OutgoingMessage {
  /** The same for each attempt, so that a receiver can drop a second copy. */
  id: string;
  /** When it was written, epoch milliseconds. */
  time: number;
  text: MessageText;
  /** The recipients that have it from an earlier attempt. */
  accepted: readonly string[];
  /** Called for each recipient that has it, before the next one is tried. */
  onAccepted?: ((recipient: string) => void) | undefined;
}

/** The outcome of an attempt. */
export type Delivery =
  | { isSent: true }
  | {
      isSent: false;
      /** One sentence without secrets: what went wrong. */
      error: string;
      /** Another attempt would fail in the same way. */
      isFinal?: boolean;
      /** The receiver could not be reached: other messages would not reach it either. */
      isUnreachable?: boolean;
      /** The delay that the receiver asks for, in milliseconds. */
      retryAfterMs?: number | undefined;
    };

/**
 * Hands a message over to a channel. Never rejects for what a network or a receiver does.
 * @param channel with its `${NAME}` filled in
 */
export type Deliver<T extends ChannelType> = (
  channel: ChannelOf<T>,
  message: OutgoingMessage,
  signal: AbortSignal,
) => Promise<Delivery>;
