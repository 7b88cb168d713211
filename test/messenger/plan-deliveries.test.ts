import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Message } from '../../src/core/messages/message-store.ts';
import { planDeliveries, splitBegun } from '../../src/messenger/plan-deliveries.ts';

const messages = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ messageId: String(index) }) as Message);
const ids = (list: readonly Message[]) => list.map(({ messageId }) => messageId);

it('each message is sent by itself while the channel takes more', () => {
  const plan = planDeliveries(messages(3), { budget: 20, isJoined: false });
  expect(plan.send.map(ids)).toEqual([['0'], ['1'], ['2']]);
});

it('the last one that the channel takes joins all others', () => {
  const plan = planDeliveries(messages(5), { budget: 3, isJoined: false });
  expect(plan.send.map(ids)).toEqual([['0'], ['1'], ['2', '3', '4']]);
});

it('a digest joins all', () => {
  expect(planDeliveries(messages(3), { budget: 20, isJoined: true }).send.map(ids)).toEqual([
    ['0', '1', '2'],
  ]);
});

it('what was handed over together stays together, oldest first, and apart from what came later', () => {
  const message = (sequence: number, delivery: string | null) =>
    ({ messageId: String(sequence), sequence, delivery }) as Message;
  const { begun, fresh } = splitBegun([
    ...[message(5, null), message(3, '1'), message(4, null), message(2, '2'), message(1, '1')],
  ]);
  expect(begun.map(ids)).toEqual([['1', '3'], ['2']]);
  expect(ids(fresh)).toEqual(['4', '5']);
});

it('no message is lost or doubled, and no more are sent than the channel takes', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.integer({ min: -2, max: 30 }), fc.boolean(), (count, budget, isJoined) => {
      const { send, postpone } = planDeliveries(messages(count), { budget, isJoined });
      expect([...send.flat(), ...postpone].map(({ messageId }) => messageId)).toEqual(ids(messages(count)));
      expect(send.length).toBeLessThanOrEqual(Math.max(0, budget));
    }),
  );
});
