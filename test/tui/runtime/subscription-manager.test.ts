import { expect, it, onTestFinished, vi } from 'vitest';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { SUBSCRIBERS } from '../../../src/tui/app/features.ts';
import type { Event } from '../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../src/tui/runtime/effect-context.ts';
import { SubscriptionManager, watchProgram } from '../../../src/tui/runtime/subscriptions.ts';
import { waitFor } from '../../wait-for.ts';
import { homeWithJobs } from '../home-with-jobs.ts';

it('starts each requested subscription once, and ends those no longer requested', async () => {
  const workspace = openWorkspace({ home: await homeWithJobs(2), actor: 'tui' });
  const told: Event[] = [];
  const fail = vi.fn();
  // What these watches need of them.
  const surroundings = { workspace, live: undefined, send: (event: Event) => told.push(event), fail };
  const watches = new SubscriptionManager(SUBSCRIBERS, surroundings as unknown as EffectContext);
  onTestFinished(async () => {
    await watches.close();
    workspace.close();
  });
  watches.update([{ kind: 'home' }]);
  watches.update([{ kind: 'home' }, { kind: 'clock' }]);
  await waitFor('a tick', () => told.some(({ kind }) => kind === 'tick'));
  const homes = told.filter((event) => event.kind === 'home');
  expect(homes).toHaveLength(1);
  expect(homes[0]?.data.jobs).toHaveLength(2);
  expect(surroundings.live).toBeDefined();
  watches.update([{ kind: 'clock' }]);
  expect(surroundings.live).toBeUndefined();
  await workspace.jobs.update('job-0000', { enabled: false }, { by: 'library' });
  const ticks = told.length;
  await waitFor('another tick', () => told.length > ticks);
  expect(told.filter(({ kind }) => kind === 'home')).toHaveLength(1);
  expect(fail).not.toHaveBeenCalled();
});

it('begins nothing any more once it is closed, so that a late answer does not keep the dashboard alive', async () => {
  const send = vi.fn();
  const watches = new SubscriptionManager(SUBSCRIBERS, { send } as unknown as EffectContext);
  await watches.close();
  const timers = vi.spyOn(globalThis, 'setInterval');
  onTestFinished(() => timers.mockRestore());
  watches.update([{ kind: 'clock' }]);
  expect(timers).not.toHaveBeenCalled();
});

it('says when the program was replaced, and when it is whole again', async () => {
  const told: Event[] = [];
  let isReplaced = false;
  const end = watchProgram({ send: (event) => told.push(event) }, 1, () => isReplaced);
  onTestFinished(() => void end());
  isReplaced = true;
  await waitFor('the news', () => told.length === 1);
  isReplaced = false;
  await waitFor('the other news', () => told.length === 2);
  expect(told).toEqual([
    { kind: 'program', isReplaced: true },
    { kind: 'program', isReplaced: false },
  ]);
});
