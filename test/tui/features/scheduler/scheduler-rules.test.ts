import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import type { SchedulerView } from '../../../../src/tui/home/home-data.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { FakeHome } from '../../fake-home.ts';
import { frameOf } from '../../frame-of.tsx';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

function withScheduler(scheduler: Partial<SchedulerView>): State {
  const event = new FakeHome().event();
  const told = { ...event.data.scheduler, ...scheduler };
  return reduce(someState(), { ...event, data: { ...event.data, scheduler: told } }).state;
}

describe('the scheduler’s dialog', () => {
  it('starts it', () => {
    expect(press(withScheduler({}), 'D', 's').effects).toMatchObject([{ name: 'start_scheduler' }]);
  });

  it('shows its home, and that it is read-only', () => {
    const { state } = press(withScheduler({}), 'D');
    expect(frameOf(state).join('\n')).toMatch(/Home \/home +│/);
    expect(frameOf({ ...state, readOnly: true }).join('\n')).toContain('Home /home, opened with --read-only');
  });

  it('gives the instants of warnings as it gives other times', () => {
    const since = '2026-11-24T05:15:00.000+00:00';
    const warnings = [`jobs paused after failures: news (since ${since})`];
    const frame = frameOf(press(withScheduler({ warnings }), 'D').state).join('\n');
    expect(frame).toMatch(/news \(since 24 Nov \d\d:15\)/);
    expect(frame).not.toContain('2026-11-24');
  });

  it('asks before it stops it, and says what that means', () => {
    const asked = press(withScheduler({ state: 'running', pid: 7, slotsUsed: 2, queued: 1 }), 'D', 'x');
    expect(asked.effects).toEqual([]);
    expect(asked.state.dialog).toMatchObject({
      kind: 'confirm',
      lines: [
        expect.stringContaining('2 active runs'),
        expect.stringContaining('1 queued run will'),
        expect.anything(),
      ],
    });
    expect(press(asked.state, 'x', 'enter').effects).toEqual([]);
    expect(press(asked.state, 'y').effects).toMatchObject([
      { name: 'stop_scheduler', params: { wait_seconds: 0 } },
    ]);
  });

  it('names the key for it once: in the footer', () => {
    const frame = frameOf(press(withScheduler({ state: 'running', pid: 7 }), 'D').state).join('\n');
    expect(frame.split('x stop')).toHaveLength(2);
    const stopping = frameOf(press(withScheduler({ state: 'stopping', pid: 7 }), 'D').state).join('\n');
    expect(stopping).toContain('It is stopping already, pid 7.');
  });

  it('does neither where it makes no sense, nor with --read-only', () => {
    const running = withScheduler({ state: 'running', pid: 7 });
    expect(press(running, 'D', 's').state.notices.at(-1)?.text).toContain('It is running already, pid 7.');
    const stopping = withScheduler({ state: 'stopping', pid: 7 });
    expect(press(stopping, 'D', 'x').state.notices.at(-1)?.text).toContain('It is stopping already.');
    const off = { ...withScheduler({}), readOnly: true };
    expect(press(off, 'D', 's')).toMatchObject({ effects: [] });
    expect(press(off, 'D', 's').state.notices.at(-1)?.text).toContain('--read-only');
  });
});
