import { expect, it, onTestFinished, vi } from 'vitest';
import { type EffectRuntime, Store } from '../../../src/tui/app/store.ts';
import { keyInput } from '../../../src/tui/ui/input.ts';
import { someState } from '../some-state.ts';

function storeWith(world: Partial<EffectRuntime> = {}) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const store = new Store(someState());
  store.attach({ runEffect: () => {}, updateSubscriptions: () => {}, ...world });
  const shown = vi.fn();
  const clock = vi.fn();
  store.subscribe(shown);
  store.onClock(clock);
  return { store, shown, clock };
}

it('shows all keys of a chunk in one frame, and no more than 30 frames a second', () => {
  const { store, shown } = storeWith();
  for (const key of [':', 'a', 'b']) store.send(keyInput(key, key));
  vi.advanceTimersByTime(1);
  expect(shown).toHaveBeenCalledTimes(1);
  for (let at = 0; at < 1000; at += 5) {
    store.send(keyInput('x', 'x'));
    vi.advanceTimersByTime(5);
  }
  expect(shown.mock.calls.length).toBeGreaterThan(20);
  expect(shown.mock.calls.length).toBeLessThanOrEqual(32);
});

it('shows what happens by itself ten times a second when it goes on, and a key at once all the same', () => {
  const { store, shown } = storeWith();
  const happen = () => {
    store.send({ kind: 'said', tone: 'info', text: 'One more was disabled.' });
    vi.advanceTimersByTime(5);
  };
  for (let at = 0; at < 3000; at += 5) happen();
  expect(shown.mock.calls.length).toBeGreaterThan(25);
  expect(shown.mock.calls.length).toBeLessThanOrEqual(35);
  const frames = shown.mock.calls.length;
  while (shown.mock.calls.length === frames) happen();
  for (let at = 0; at < 35; at += 5) happen();
  expect(shown).toHaveBeenCalledTimes(frames + 1);
  store.send(keyInput('x', 'x'));
  vi.advanceTimersByTime(1);
  expect(shown).toHaveBeenCalledTimes(frames + 2);
  // Nothing is owed for the keys: what happens next is shown soon.
  for (let key = 0; key < 300; key += 1) {
    store.send(keyInput('x', 'x'));
    vi.advanceTimersByTime(20);
  }
  shown.mockClear();
  for (let at = 0; at < 200; at += 5) happen();
  expect(shown).toHaveBeenCalled();
});

it('draws nothing anew when a second passes, except what counts seconds; and all when a minute does', () => {
  const { store, shown, clock } = storeWith();
  const { now } = store.state;
  for (let second = 1; second < 60; second += 1) store.send({ kind: 'tick', now: now + second * 1000 });
  vi.advanceTimersByTime(100);
  expect(shown).not.toHaveBeenCalled();
  expect(clock).toHaveBeenCalledTimes(59);
  store.send({ kind: 'tick', now: now + 60_000 });
  vi.advanceTimersByTime(100);
  expect(shown).toHaveBeenCalledTimes(1);
});

it('runs effects after the state has changed, in order, and gives the subscriptions', () => {
  const seen: string[] = [];
  const { store } = storeWith({
    runEffect: (effect) => seen.push(`${effect.kind} with mouse ${store.state.mouse ? 'on' : 'off'}`),
    updateSubscriptions: () => seen.push('keep'),
  });
  store.send(keyInput('m', 'm'));
  store.send(keyInput('q', 'q'));
  const effects = ['use_mouse', 'save_preferences', 'quit'].map((kind) => `${kind} with mouse off`);
  expect(seen).toEqual(['keep', 'keep', ...effects]);
});
