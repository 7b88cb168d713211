import { cleanup } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import type { FieldPath } from '../../../../src/tui/features/job-form/model.ts';
import { expectFit, frameOf, SIZES } from '../../frame-of.tsx';
import { FormDriver } from './form-driver.ts';

afterEach(cleanup);

const HOSTILE = 'a\u001b[31mred\u0007 価格チェック '.repeat(8);

const SCENES: readonly (readonly [string, (driver: FormDriver) => Promise<unknown> | unknown])[] = [
  ['the fields', () => {}],
  ['a text longer than its field', (driver) => driver.goTo('description')],
  ['all fields', (driver) => driver.goTo('more').press('enter').goTo('keep_runs')],
  ['what is wrong', (driver) => driver.fill('schedule.time', '25:00').press('ctrl+s')],
  ['the common schedules', (driver) => driver.press('ctrl+o')],
  ['the time zones', (driver) => driver.goTo('schedule.timezone').press('enter', 'pagedown')],
  ['the review', (driver) => driver.fill('tags', 'another').press('ctrl+s')],
  ['the question before leaving', (driver) => driver.fill('tags', 'another').press('escape')],
  [
    'two changes of one field',
    async (driver) => {
      driver.fill('description', HOSTILE.slice(0, 90));
      await driver.elsewhere('update_job', { job_id: 'job-0000', changes: { description: HOSTILE } });
      driver.look().press('ctrl+s');
    },
  ],
  [
    'a job that is gone',
    async (driver) => {
      driver.fill('tags', 'another');
      await driver.elsewhere('delete_job', { job_id: 'job-0000' });
      driver.look().press('ctrl+s');
    },
  ],
  ['a try that goes on', (driver) => driver.press('ctrl+t')],
  ['parameters', (driver) => withParams(driver, 'params.sort')],
  ['the values of a choice', async (driver) => (await withParams(driver, 'params.sort')).press('enter')],
  ['a value that is not declared', (driver) => withParams(driver, `params.${HOSTILE.slice(0, 40)}`)],
];

/** The job of a configuration whose parameters, and whose values, are hostile. */
async function withParams(driver: FormDriver, focus: FieldPath): Promise<FormDriver> {
  const text = JSON.stringify(HOSTILE);
  const declared = `sort: {type: choice, values: [new, ${text}], default: ${text}, description: ${text}}`;
  await driver.workspace.configs.write(
    'odd',
    `params: {${declared}, city: {description: ${text}}}\nurl: http://127.0.0.1:9/\nselectors: { title: h1 }\n`,
  );
  const params = { city: HOSTILE, [HOSTILE.slice(0, 40)]: HOSTILE };
  await driver.workspace.jobs.update(
    'job-0000',
    { config_name: 'odd', params },
    { by: 'mcp', resume: false },
  );
  return driver.look().goTo(focus);
}

it.each(SCENES)('%s fits at every size, with nothing in it that steers a terminal', async (_, prepare) => {
  const driver = await FormDriver.open(1, () => ({ description: HOSTILE, tags: ['日本語', 'b'] }));
  await driver.press('e').settle();
  await prepare(driver);
  for (const [columns, rows] of SIZES) {
    driver.send({ kind: 'resize', columns, rows });
    const lines = frameOf(driver.state, { unicode: columns !== 80 });
    expectFit(lines, columns, rows);
    for (const line of lines) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
      expect(line.replaceAll(/\u001b\[[\d;]*m/g, '')).toMatch(/^[^\u0000-\u001f\u007f-\u009f]*$/);
    }
  }
});

it('shows the schedule in words and its next runs beside the fields, below them, or among them', async () => {
  for (const [columns, rows] of [
    [120, 30],
    [80, 24],
    [60, 20],
  ] as const) {
    const driver = await FormDriver.open(1, undefined, { columns, rows });
    driver.press('e').goTo('schedule.time');
    const frame = frameOf(driver.state).join('\n');
    expect(frame).toContain('every day at 09:00 (UTC)');
    expect(frame).toContain('Fri 27 Nov 09:00');
  }
});

it('names the common schedules in full where there is no room for their details', async () => {
  const driver = await FormDriver.open(1, undefined, { columns: 60, rows: 24 });
  const frame = frameOf(driver.press('e', 'ctrl+o').state).join('\n');
  expect(frame).toMatch(/│ every weekday at 09:00 +█/);
  const wide = await FormDriver.open(1, undefined, { columns: 120, rows: 30 });
  expect(frameOf(wide.press('e', 'ctrl+o').state).join('\n')).toMatch(
    /every weekday at 09:00 +0 9 \* \* 1-5/,
  );
});

it('lists in the footer only the keys that work while typing', async () => {
  const driver = await FormDriver.open(1);
  driver.press('e').goTo('description');
  const footer = frameOf(driver.state).at(-1);
  expect(footer).toContain('Ctrl-S save');
  expect(footer).toContain('Ctrl-G help');
  expect(footer).not.toMatch(/\bq quit|\? help|Tab pane/);
  expect(driver.press('ctrl+g').state.dialog?.kind).toBe('help');
});

it('says in a word beside each next run what is special about it', async () => {
  const size = { columns: 120, rows: 30, now: Date.parse('2026-03-26T10:00:00Z') };
  const driver = await FormDriver.open(1, undefined, size);
  driver.press('e').fill('schedule.time', '02:30').fill('schedule.timezone', 'Europe/Berlin');
  const frame = frameOf(driver.state).join('\n');
  expect(frame).toMatch(/Sun 29 Mar 03:00 \+02:00 +shifted/);
  expect(frame).toMatch(/Mon 30 Mar 02:30 \+02:00 *$/m);
});

it('on 80×24 gives the fields most rows, and the next three runs one line', async () => {
  const driver = await FormDriver.open(1, () => ({}), { columns: 80, rows: 24 });
  const lines = frameOf(driver.press('e').state);
  const border = lines.findIndex((line) => line.startsWith('────'));
  expect(border).toBeGreaterThanOrEqual(15);
  expect(lines.join('\n')).toMatch(/^Next (\w{3} \d+ \w{3} \d\d:\d\d(, )?){3}/m);
});
