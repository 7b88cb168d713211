import type { Message } from '../core/messages/message-store.ts';

/** What to do with the due messages of a channel: each list of messages is sent as one. */
export interface DeliveryPlan {
  send: Message[][];
  /** Messages that exceed the channel's limit. */
  postpone: Message[];
}

/** Separates the deliveries that an attempt has begun, each as it was, from the messages that no attempt has bound. */
export function splitBegun(due: readonly Message[]): { begun: Message[][]; fresh: Message[] } {
  const begun = new Map<string, Message[]>();
  const fresh: Message[] = [];
  // In the order in which they were written, so that each attempt has the same text.
  for (const message of due.toSorted((one, other) => one.sequence - other.sequence)) {
    const { delivery } = message;
    if (delivery === null) fresh.push(message);
    else begun.set(delivery, [...(begun.get(delivery) ?? []), message]);
  }
  return { begun: [...begun.values()], fresh };
}

/**
 * Plans the due messages of a channel that no attempt has bound, oldest first. A digest joins all of them. Otherwise
 * each is sent by itself while the channel's limit allows it, and the last one joins the others.
 * @param budget how many messages the channel still takes within the hour
 * @param isJoined whether the channel asks for digests
 */
export function planDeliveries(
  due: readonly Message[],
  { budget, isJoined }: { budget: number; isJoined: boolean },
): DeliveryPlan {
  if (due.length === 0) return { send: [], postpone: [] };
  if (budget <= 0) return { send: [], postpone: [...due] };
  if (isJoined) return { send: [[...due]], postpone: [] };
  if (due.length <= budget) return { send: due.map((message) => [message]), postpone: [] };
  const single = due.slice(0, budget - 1);
  return { send: [...single.map((message) => [message]), due.slice(budget - 1)], postpone: [] };
}
