import fc from 'fast-check';
import { cleanup } from 'ink-testing-library';
import stringWidth from 'string-width';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { OperationName } from '../../src/core/operations/operations.ts';
import { reduce, subscriptionsOf } from '../../src/tui/app/reduce.ts';
import type { CallEffect } from '../../src/tui/kernel/call.ts';
import type { Effect, Event, State, Step } from '../../src/tui/kernel/model.ts';
import { anyAnswers } from './any-answer.ts';
import { anyEvents } from './any-events.ts';
import { frameOf } from './frame-of.tsx';
import { HOSTILE } from './hostile-texts.ts';
import { press, someState } from './some-state.ts';

/** QS_TUI_RUNS=500 each night, and where a fault is looked for; it stops at the first one. */
const RUNS = Number(process.env['QS_TUI_RUNS'] ?? 6);

const LIMITS = process.env['QS_TUI_RUNS'] ? { endOnFailure: true } : {};

let answers: Readonly<Record<OperationName, fc.Arbitrary<unknown>>>;

beforeAll(async () => {
  answers = await anyAnswers();
});
afterEach(cleanup);

/** Takes what is not easily undone: a question has to come before. */
const ASKED: readonly OperationName[] = ['delete_job', 'cancel_run', 'stop_scheduler', 'delete_config'];
const CHANGING: readonly OperationName[] = [
  ...ASKED,
  ...([
    'create_job',
    'update_job',
    'restore_job',
    'run_job',
    'retry_run',
    'save_config',
    'start_scheduler',
  ] as const),
];

/** What the world answers: the oldest question that waits, or one that nobody asked. */
const anyReply = fc.record({
  reply: fc.constantFrom('well', 'conflict', 'job_not_found', 'store_unavailable', 'ended', 'tried' as const),
  seed: fc.nat(1000),
  text: fc.constantFrom('', 'name: x\nurl: https://x.example/\n', '{"config_name": "shop"', ...HOSTILE),
});

type KernelEvent = readonly Event[] | { reply: string; seed: number; text: string };

const anyCourse: fc.Arbitrary<readonly KernelEvent[]> = fc.array(
  fc.oneof({ weight: 4, arbitrary: anyEvents }, { weight: 1, arbitrary: anyReply }),
  { minLength: 5, maxLength: 80, size: 'max' },
);

/** The dashboard in the hands of chance. */
class Course {
  state: State;
  /** Effects that wait for what comes of them. */
  waiting: Effect[] = [];
  readonly trace: string[] = [];

  constructor(readOnly: boolean) {
    this.state = someState({ readOnly });
  }

  go(happened: readonly KernelEvent[]): void {
    for (const [at, what] of happened.entries()) {
      if ('reply' in what) this.answer(what);
      else for (const event of what) this.take(event);
      if (at % 25 === 24) expectDrawn(this.state);
    }
    expectDrawn(this.state);
    while (this.waiting.length > 0) this.answer({ reply: 'store_unavailable', seed: 1, text: '' });
    expectWayOut(this.state);
  }

  take(event: Event): Step {
    this.trace.push(JSON.stringify(event)?.slice(0, 160) ?? '');
    const before = this.state;
    const after = reduce(before, event);
    expectAsked(before, event, after);
    this.state = after.state;
    this.waiting.push(...after.effects);
    JSON.stringify(subscriptionsOf(this.state));
    return after;
  }

  answer({ reply, seed, text }: Extract<KernelEvent, { reply: string }>): void {
    const effect = this.waiting.shift();
    const sample = <T>(arbitrary: fc.Arbitrary<T>) => fc.sample(arbitrary, { seed, numRuns: 1 })[0] as T;
    const failure = { code: 'conflict', message: text, field: reply, hint: text } as const;
    const { testRun, suggestion } = this.state.configs.editor;
    if (effect?.kind === 'call') this.take(answerTo(effect, reply, text, sample));
    else if (effect !== undefined && 'tag' in effect) {
      const problem = reply === 'well' ? {} : { problem: text };
      this.take({ kind: 'outside_ended', tag: effect.tag, ok: reply === 'well', ...problem });
      this.take({ kind: 'text_edited', tag: effect.tag, text, ...problem });
    } else if (testRun !== null && reply === 'tried')
      this.take({ kind: 'test_run_ended', id: testRun.id, outcome: { ok: false, failure } });
    else if (testRun !== null)
      this.take({
        kind: 'test_run_ended',
        id: testRun.id,
        outcome: { ok: true, output: sample(answers.test_config) as never },
      });
    else if (suggestion !== null)
      this.take({ kind: 'suggested', id: suggestion.id, outcome: { ok: false, failure } });
    const told = { job: sample(answers.get_job), preview: sample(answers.preview_schedule) };
    const { jobId } = this.state.detail;
    this.take({ kind: 'job_detail', jobId, ...(reply === 'well' ? { data: told as never } : { failure }) });
  }
}

function answerTo(
  { name, tag, params, done, quiet }: CallEffect,
  reply: string,
  text: string,
  sample: <T>(arbitrary: fc.Arbitrary<T>) => T,
): Event {
  const asked = { kind: 'answer', name, tag, ...(done && { done }), ...(quiet && { quiet }) };
  if (reply !== 'well' && reply !== 'ended' && reply !== 'tried')
    return {
      ...asked,
      ok: false,
      failure: { code: reply, message: text, field: 'if_revision', hint: text },
    } as Event;
  const output = sample(answers[name]) as { job?: { id?: string } };
  if ('job_id' in params && output.job !== undefined) output.job.id = params.job_id as string;
  return { ...asked, ok: true, output } as unknown as Event;
}

/** Nothing is changed that nobody meant to change. */
function expectAsked(before: State, event: Event, { state, effects }: Step): void {
  const calls = effects.filter((effect): effect is CallEffect => effect.kind === 'call');
  const changing = calls.filter(
    ({ name, params }) => CHANGING.includes(name) && !('dry_run' in params && params.dry_run),
  );
  if (before.readOnly) expect(changing).toEqual([]);
  const isContinued = event.kind === 'answer' && changing.every(({ tag }) => tag.startsWith('batch:'));
  if (event.kind !== 'key' && !isContinued) expect(changing).toEqual([]);
  const { dialog } = before;
  const isUndo =
    state.batches !== before.batches &&
    changing.every(({ tag }) => tag.startsWith('batch:')) &&
    undoes(state);
  const irrevocable = changing.filter(({ name }) => ASKED.includes(name));
  if (irrevocable.length > 0 && !isContinued && !isUndo) expect(dialog?.kind).toBe('confirm');
  const jobs = new Set(changing.flatMap(({ params }) => ('job_id' in params ? [params.job_id] : [])));
  if (jobs.size > 1 && !isContinued && !isUndo) expect(dialog?.kind).toBe('confirm');
  if (dialog?.kind === 'confirm' && changing.length > 0 && dialog.count !== undefined)
    expect(dialog.typed).toBe(String(dialog.count));
  if (dialog?.kind === 'confirm' && changing.length > 0 && dialog.count === undefined)
    expect(event).toMatchObject({ key: 'y' });
}

function undoes({ batches }: State): boolean {
  return JSON.stringify(batches).includes('"undoes"');
}

function expectDrawn(state: State): void {
  const lines = frameOf(state);
  cleanup();
  const { columns, rows } = state;
  const about = () =>
    `${columns}×${rows}, ${JSON.stringify(state.views)}, ${JSON.stringify(state.dialog)}\n${lines.join('\n')}`;
  expect(lines.slice(0, 4).join('\n'), about()).not.toMatch(/^ *ERROR /m);
  expect(lines.length, about()).toBeLessThanOrEqual(rows);
  for (const line of lines) {
    expect(stringWidth(line), about()).toBeLessThanOrEqual(columns);
    expect(line, about()).toMatch(CLEAN);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CLEAN = /^(?:[^\p{Cc}\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\u001b\[[\d;]*m)*$/u;

/** Esc leads back to the first view from wherever one is; q, and y where it asks, leaves; Ctrl-C and Ctrl-Z do so at once. */
function expectWayOut(state: State): void {
  const quits = ({ effects }: { effects: readonly Effect[] }) => effects.some(({ kind }) => kind === 'quit');
  expect(quits(press(state, 'ctrl+c'))).toBe(true);
  expect(press(state, 'ctrl+z').effects).toContainEqual({ kind: 'suspend' });
  let next = state;
  for (let tries = 0; tries < 30; tries += 1) {
    const asks = next.dialog?.kind === 'form' && next.dialog.panel.is === 'leave';
    next = press(next, asks ? 'y' : 'escape').state;
  }
  const left = press(next, 'q');
  const where = JSON.stringify([next.views, next.dialog]);
  expect(quits(left) || quits(press(left.state, 'y')), where).toBe(true);
}

it.each([
  ['', false],
  [' with --read-only', true],
])(
  'under any sequence of events nothing throws, everything fits the screen, each question is asked and the way out is open%s',
  (_, readOnly) => {
    fc.assert(
      fc.property(anyCourse, (happened) => {
        const course = new Course(readOnly);
        try {
          course.go(happened);
        } catch (error) {
          throw new Error(`after\n  ${course.trace.slice(-15).join('\n  ')}`, { cause: error });
        }
      }),
      { numRuns: readOnly ? Math.ceil(RUNS / 4) : RUNS, ...LIMITS },
    );
  },
  RUNS * 10_000,
);
