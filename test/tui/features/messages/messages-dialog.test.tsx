import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { selectedJob } from '../../../../src/tui/features/jobs/reducer.ts';
import type { ChannelMessage } from '../../../../src/tui/features/messages/model.ts';
import type { AnswerEvent } from '../../../../src/tui/kernel/call.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { expectFit, frameOf, SIZES } from '../../frame-of.tsx';
import { homeOf, jobRow, NOW } from '../../job-rows.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const message = (id: string, fields: Partial<ChannelMessage> = {}): ChannelMessage => ({
  ...{ message_id: id, channel: 'team', event: 'failure', job_id: 'shop', run_id: 'r1', status: 'sent' },
  ...{ created_at: '2026-11-26T09:00:00.000Z', sent_at: '2026-11-26T09:00:02.000Z' },
  ...{ next_attempt_at: null, attempts: 0, error: null },
  ...fields,
});

const WAITING = message('m2', {
  status: 'waiting',
  sent_at: null,
  attempts: 3,
  next_attempt_at: '2026-11-26T09:30:00.000Z',
  error: 'connection refused',
});

function opened(fields: Partial<State> = {}) {
  const data = homeOf([jobRow('shop'), jobRow('news')]);
  const { state } = reduce(someState(fields), {
    kind: 'home',
    data,
    changed: ['shop', 'news'],
    activity: [],
  });
  return press(state, 'M');
}

function answered(state: State, messages: readonly ChannelMessage[]): State {
  const answer = {
    kind: 'answer',
    name: 'list_messages',
    tag: 'messages.list',
    ok: true,
    output: { messages },
  };
  return reduce(state, answer as unknown as AnswerEvent).state;
}

describe('the messages of channels', () => {
  it('are read when they are opened, and again each second', () => {
    const { state, effects } = opened();
    const call = { kind: 'call', name: 'list_messages', params: { limit: 200 } };
    expect(effects).toMatchObject([call]);
    expect(frameOf(state).join('\n')).toContain('Reading the messages…');
    expect(reduce(state, { kind: 'tick', now: NOW + 1000 }).effects).toMatchObject([call]);
    expect(press(state, 'escape').state.dialog).toBeUndefined();
  });

  it('are only those about the job whose runs are shown', () => {
    const { effects, state } = opened({ views: [{ name: 'jobs' }, { name: 'runs', jobId: 'shop' }] });
    expect(effects).toMatchObject([{ name: 'list_messages', params: { limit: 200, job_id: 'shop' } }]);
    expect(frameOf(state).join('\n')).toContain('Messages about shop');
  });

  it('say what became of each, and of the selected one when it is tried again and why', () => {
    const state = answered(opened().state, [WAITING, message('m1')]);
    const frame = frameOf(state).join('\n');
    expect(frame).toMatch(/team +failure +waiting +shop +│/);
    expect(frame).toMatch(/team +failure +sent +shop/);
    expect(frame).toContain('1 of 2 · tried 3 times, next attempt 09:30: connection refused');
    expect(frameOf(press(state, 'j').state).join('\n')).toContain('2 of 2 · sent 09:00');
  });

  it('say why the selected one is not sent once and in full, and the list stays where it is', () => {
    const error =
      '127.0.0.1:7392 answered HTTP 503 and asks to be left alone for some time until it is well again';
    const state = answered(opened({ columns: 80, rows: 24 }).state, [{ ...WAITING, error }, message('m1')]);
    const lines = frameOf(state);
    const words = lines
      .filter((line) => line.includes('│'))
      .join(' ')
      .replaceAll(/[│\s]+/g, ' ');
    expect(words).toContain(`next attempt 09:30: ${error}`);
    expect(words.split('HTTP 503')).toHaveLength(2);
    const rowOf = (shown: readonly string[]) => shown.findIndex((line) => line.includes('waiting'));
    expect(rowOf(frameOf(press(state, 'j').state))).toBe(rowOf(lines));
  });

  it('are as wide as their longest row needs where the screen is: nothing is cut', () => {
    const names = {
      channel: `team-${'of-the-shop-'.repeat(4)}end`,
      job_id: `job-${'a-long-name-'.repeat(5)}end`,
    };
    const error = `the mail server ${'asks to wait for some time '.repeat(4)}end`;
    const frame = (columns: number) => {
      const rows = [message('m1', { ...names, status: 'waiting', sent_at: null, error })];
      const lines = frameOf(answered(opened({ columns, rows: 50 }).state, rows));
      expectFit(lines, columns, 50);
      return lines;
    };
    const wide = frame(200);
    expect(wide.find((line) => line.includes(names.job_id))).toContain(`${names.channel}  failure`);
    expect(wide.join('\n')).toContain(error);
    expect(frame(149).join('\n')).not.toContain(names.job_id);
    expect(
      frame(149)
        .find((line) => line.includes('┌'))
        ?.trim(),
    ).toHaveLength(110);
  });

  it('name no key for a row where there is none', () => {
    const footer = frameOf(answered(opened().state, [])).at(-1);
    expect(footer).toContain('Esc close');
    expect(footer).not.toMatch(/Enter|test the channel|choose/);
  });

  it('keep the selected one while new ones come', () => {
    const before = press(answered(opened().state, [WAITING, message('m1')]), 'j').state;
    const after = answered(before, [message('m3'), WAITING, message('m1')]);
    expect(after.dialog).toMatchObject({ index: 2 });
  });

  it('lead to their job', () => {
    const state = answered(opened().state, [message('m1', { job_id: 'news' })]);
    const after = press(state, 'enter').state;
    expect(after.dialog).toBeUndefined();
    expect(selectedJob(after)?.id).toBe('news');
  });

  it('test their channel, whose answer is a notice', () => {
    const state = answered(opened().state, [WAITING]);
    const { effects, state: asked } = press(state, 't');
    expect(effects).toMatchObject([{ kind: 'call', name: 'test_channel', params: { channel: 'team' } }]);
    const answer = (sent: boolean, error: string | null) =>
      reduce(asked, {
        ...{ kind: 'answer', name: 'test_channel', tag: 'messages.test', ok: true },
        output: { channel: 'team', sent, error },
      } as unknown as AnswerEvent).state.notices.at(-1);
    expect(answer(true, null)).toMatchObject({ tone: 'good', text: 'team took the test message.' });
    expect(answer(false, 'HTTP 404')).toMatchObject({
      tone: 'bad',
      text: 'team did not take the test message: HTTP 404',
    });
  });

  it('test nothing in a dashboard that is read-only', () => {
    const state = answered(opened({ readOnly: true }).state, [WAITING]);
    expect(press(state, 't').effects).toEqual([]);
  });

  it('say why they cannot be read', () => {
    const failure = { code: 'store_unavailable', message: 'the disk is full' };
    const answer = {
      kind: 'answer',
      name: 'list_messages',
      tag: 'messages.list',
      ok: false,
      quiet: true,
      failure,
    };
    const { state } = reduce(opened().state, answer as unknown as AnswerEvent);
    expect(frameOf(state).join('\n')).toContain('the disk is full');
  });

  it.each(SIZES)('fit on %d×%d, however many there are', (columns, rows) => {
    const many = Array.from({ length: 60 }, (_, at) =>
      message(`m${at}`, {
        channel: '漢'.repeat(40),
        error: '\u001b[31m漢'.repeat(50),
        status: 'failed',
        sent_at: null,
      }),
    );
    expectFit(frameOf(answered(opened({ columns, rows }).state, many)), columns, rows);
  });
});
