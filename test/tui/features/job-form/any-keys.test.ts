import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { FORM_FIELDS } from '../../../../src/tui/features/job-form/fields.ts';
import { focusStops } from '../../../../src/tui/features/job-form/form.ts';
import { formRows, formWindow } from '../../../../src/tui/features/job-form/form-rows.ts';
import { panelContent } from '../../../../src/tui/features/job-form/panel-lines.ts';
import { textAt } from '../../../../src/tui/features/job-form/param-texts.ts';
import { sideContent } from '../../../../src/tui/features/job-form/side-pane.tsx';
import type { CallEffect } from '../../../../src/tui/kernel/call.ts';
import type { Event, State, Step } from '../../../../src/tui/kernel/model.ts';
import { currentView } from '../../../../src/tui/kernel/step.ts';
import { propertyRuns } from '../../../property-runs.ts';
import { homeOf as homeWithRows, jobRow } from '../../job-rows.ts';
import { press, someState } from '../../some-state.ts';

const KEYS = [
  ...['tab', 'shift+tab', 'up', 'down', 'left', 'right', 'enter', 'space', 'escape', 'backspace', 'delete'],
  ...[
    'pageup',
    'pagedown',
    'home',
    'end',
    'ctrl+home',
    'ctrl+end',
    'ctrl+s',
    'ctrl+t',
    'ctrl+o',
    'ctrl+u',
    'ctrl+w',
  ],
  ...[
    'ctrl+p',
    'ctrl+g',
    'ctrl+b',
    'alt+z',
    'a',
    'e',
    'n',
    'm',
    's',
    't',
    'r',
    'y',
    '0',
    '9',
    ':',
    '*',
    ',',
    '[',
    '"',
    'ä',
    '日',
  ],
];

/** How the oldest question that waits is answered. */
const ANSWERS = ['well', 'if_revision', 'job_not_found', 'job_id', 'timezone', 'store_unavailable'] as const;

function answerTo({ name, tag }: CallEffect, how: (typeof ANSWERS)[number]): Event {
  const asked = { kind: 'answer', name, tag } as const;
  if (how !== 'well') {
    const codes = { if_revision: 'conflict', job_id: 'conflict', timezone: 'invalid_schedule' } as const;
    const code = how in codes ? codes[how as keyof typeof codes] : how;
    return { ...asked, ok: false, failure: { code, message: how, field: how } } as Event;
  }
  const { definition, revision } = jobRow('job', { revision: 20 });
  const job = { id: 'job', ...definition, revision, updated_by: 'mcp' };
  const output = { job, created: true, changed: ['tags'], warnings: ['a warning'], timezone: 'Asia/Tokyo' };
  return { ...asked, ok: true, output } as unknown as Event;
}

/** What the configuration says of its parameters. */
const DECLARATIONS = [
  ...['', 'params: {city: {}, sort: {type: choice, values: [a, b]}, on: {type: boolean, default: true}}'],
  ...['params: {pages: {type: integer, default: 5}, odd: {}}', 'params: ['],
];

function configured(declaration: string): Event {
  const summary = { host: null, addresses: 0, pages: 'one page', fields: [] };
  const none = { file: '', updatedAt: 0, revision: null, problem: null, by: null, summary };
  return { kind: 'configs', rows: [{ ...none, name: 'shop', yaml: `${declaration}\n` }] };
}

/** What can happen: keys mostly, what others do to the job, sizes, and answers to nothing that was asked. */
const events = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...KEYS).map((key) => ({ key })) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 6 }).map((change) => ({ change })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('a\nb', '9:00', '["x"', '\u001b[2J').map((paste) => ({ paste })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.integer({ min: 40, max: 200 }), fc.integer({ min: 10, max: 50 }))
        .map((size) => ({ size })),
    },
    { weight: 1, arbitrary: fc.nat(25).map((row) => ({ row })) },
    { weight: 3, arbitrary: fc.constantFrom(...ANSWERS).map((answer) => ({ answer })) },
    { weight: 2, arbitrary: fc.constantFrom(...DECLARATIONS).map((declaration) => ({ declaration })) },
  ),
  { maxLength: 60 },
);

function changed(change: number): Event {
  const { definition, ...fields } = jobRow('job', { description: `by ${change}` });
  const values = { city: `x${change}`, ...(change > 3 && { odd: 'a, b' }) };
  const params = change % 2 === 0 ? values : null;
  const known = definition && { ...definition, params };
  const row = { ...fields, definition: known, revision: 2 + change, updatedBy: 'mcp' as const };
  const jobs =
    change === 0 ? [] : change === 1 ? [{ ...row, definition: null, error: 'line 1: not JSON' }] : [row];
  return { kind: 'home', data: homeOf(jobs), changed: ['job'], activity: [] };
}

function homeOf(jobs: ReturnType<typeof jobRow>[]): NonNullable<State['home']> {
  const scheduler = {
    ...{
      state: 'off' as const,
      pid: null,
      since: null,
      version: null,
      slots: 4,
      slotsUsed: 0,
      queued: 0,
      held: null,
    },
    warnings: [],
  } as const;
  return homeWithRows(jobs, { scheduler, readAt: 0 });
}

const CLICK = {
  ...({ kind: 'mouse', what: 'press', button: 'left', column: 5 } as const),
  ...{ shift: false, alt: false, ctrl: false },
};

function draw(state: State): void {
  const { open: form } = state.form;
  const { dialog } = state;
  if (dialog?.kind === 'form') panelContent(state, dialog.panel, 40);
  if (form === undefined) return;
  const { rows, top, rect } = formWindow(state, form);
  expect(focusStops(form)).toContain(form.focus);
  if (form.focus !== 'more') expect(form.cursor).toBeLessThanOrEqual(textAt(form.texts, form.focus).length);
  const focused = rows.findIndex((row) =>
    form.focus === 'more' ? row.kind === 'more' : row.kind === 'field' && row.path === form.focus,
  );
  expect(focused).toBeGreaterThanOrEqual(top);
  expect(focused).toBeLessThan(top + rect.rows);
  formRows(state, form, { columns: 30, inline: true });
  sideContent(state, form, 20);
  for (const { path } of FORM_FIELDS) expect(typeof form.texts[path]).toBe('string');
}

it.each(['n', 'e'])('every state can be drawn and left (%s)', (begin) => {
  fc.assert(
    fc.property(events, (happened) => {
      let state = reduce(someState(), changed(2)).state;
      const waiting: CallEffect[] = [];
      const took = (step: Step) => {
        state = step.state;
        for (const effect of step.effects)
          if (effect.kind === 'call' && effect.tag.startsWith('form.')) waiting.push(effect);
      };
      took(press(state, begin));
      expect(currentView(state).name).toBe('form');
      for (const what of happened) {
        if ('key' in what) took(press(state, what.key));
        else if ('change' in what) took(reduce(state, changed(what.change)));
        else if ('paste' in what) took(reduce(state, { kind: 'paste', text: what.paste }));
        else if ('size' in what)
          took(reduce(state, { kind: 'resize', columns: what.size[0], rows: what.size[1] }));
        else if ('declaration' in what) took(reduce(state, configured(what.declaration)));
        else if ('row' in what) took(reduce(state, { ...CLICK, row: what.row }));
        else {
          const call = waiting.shift();
          if (call !== undefined) took(reduce(state, answerTo(call, what.answer)));
        }
        draw(state);
      }
      // Esc leaves whatever lies over the form, then the form; y where it asks.
      for (let tries = 0; state.form.open !== undefined && tries < 8; tries += 1) {
        const asks = state.dialog?.kind === 'form' && state.dialog.panel.is === 'leave';
        state = press(state, asks ? 'y' : 'escape').state;
      }
      expect(currentView(state).name).not.toBe('form');
      expect(state.form.open).toBeUndefined();
    }),
    { numRuns: propertyRuns(80) },
  );
});
