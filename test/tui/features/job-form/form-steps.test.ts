import { describe, expect, it } from 'vitest';
import { helpRows } from '../../../../src/tui/app/help-rows.ts';
import { subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { formWindow } from '../../../../src/tui/features/job-form/form-rows.ts';
import { openNewForm } from '../../../../src/tui/features/job-form/open-form.ts';
import { FormDriver } from './form-driver.ts';

describe('a try of the configuration', () => {
  const testRuns = (driver: FormDriver) =>
    subscriptionsOf(driver.state).filter(({ kind }) => kind === 'test_run');

  it('goes on as long as it is on the screen', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e', 'ctrl+t');
    expect(driver.panel).toBe('test');
    expect(testRuns(driver)).toMatchObject([{ params: { config_name: 'shop' } }]);
    driver.press('escape');
    expect(testRuns(driver)).toEqual([]);
    expect(driver.calls).toEqual([]);
  });

  it('shows the first items and their missing fields, or why there are none', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e', 'ctrl+t');
    const id = driver.form.test?.id ?? 0;
    const output = {
      ...{ config_name: 'shop', source: 'live' as const, pages: 1, items: 1 },
      sample: [{ title: 'A book', price: 3 }],
      matches: [{ part: 'field' as const, field: 'author', selector: '.by', matched: 0, pages: 0 }],
      ...{ warnings: ['author is empty'], error: null },
    };
    driver.send({
      kind: 'test_run_ended',
      id: id - 1,
      outcome: { ok: true, output: { ...output, items: 9 } },
    });
    expect(driver.panelText).toContain('Fetching');
    driver.send({ kind: 'test_run_ended', id, outcome: { ok: true, output } });
    expect(driver.panelText).toContain('1 item on 1 page.');
    expect(driver.panelText).toContain('author: .by matched nothing');
    expect(driver.panelText).toContain('title: A book');
    driver.press('escape', 'ctrl+t');
    const failure = { code: 'invalid_config', message: 'url: missing', hint: 'Add one.' } as const;
    driver.send({ kind: 'test_run_ended', id: driver.form.test?.id ?? 0, outcome: { ok: false, failure } });
    expect(driver.panelText).toBe('url: missing\nAdd one.');
  });

  it('needs a configuration', async () => {
    const driver = await FormDriver.open(0);
    driver.press('n', 'ctrl+t');
    expect(driver.panel).toBeUndefined();
    expect(driver.lastNotice).toContain('Choose a configuration first.');
  });
});

describe('a test of the channels', () => {
  const tested = (driver: FormDriver) => driver.calls.filter(({ name }) => name === 'test_channel');

  it('sends a message to each channel that the form names', async () => {
    const driver = await FormDriver.open(1);
    driver
      .press('e')
      .goTo('more')
      .press('enter')
      .fill('notify', 'me team:failure,change me:paused')
      .press('alt+t');
    expect(tested(driver).map(({ params }) => params)).toEqual([{ channel: 'me' }, { channel: 'team' }]);
  });

  it('needs a channel', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e').goTo('more').press('enter').fill('notify', 'off').press('alt+t');
    expect(tested(driver)).toEqual([]);
    expect(driver.lastNotice).toContain('Name a channel in the field notify first.');
  });
});

describe('leaving', () => {
  it('while it is being stored still reports the result', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e').fill('description', 'new').press('ctrl+s', 'enter', 'escape', 'y');
    expect(driver.view).toBe('jobs');
    await driver.settle();
    expect(driver.lastNotice).toBe('job-0000 was saved: description.');
  });

  it('by quitting asks about unsaved changes', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e').fill('description', 'new').press('ctrl+p').type('quit').press('enter');
    expect(driver.panel).toBe('confirm');
    expect(driver.others).toEqual([]);
    driver.press('y');
    expect(driver.others).toEqual([{ kind: 'quit', exitCode: 0 }]);
  });

  it('by the palette asks, too', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e').fill('description', 'new').press('ctrl+p').type('go back').press('enter');
    expect(driver.panel).toBe('leave');
  });

  it('from the question one can go on to store', async () => {
    const driver = await FormDriver.open(1);
    await driver.press('e').fill('description', 'new').press('escape', 's', 'enter').settle();
    expect(driver.stored('job-0000')).toMatchObject({ description: 'new' });
  });
});

describe('a form below another view', () => {
  it('is there again after a visit to its configuration', async () => {
    const driver = await FormDriver.open(1);
    await driver.press('e').settle();
    driver.fill('description', 'new').press('ctrl+b');
    expect(driver.view).toBe('config');
    driver.press('escape');
    expect(driver.view).toBe('form');
    expect(driver.form.texts.description).toBe('new');
  });

  it('is shown in place of a new one that would push it out', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e').fill('description', 'new');
    driver.state = { ...driver.state, views: [{ name: 'jobs' }] };
    driver.state = openNewForm(driver.state).state;
    expect(driver.form.jobId).toBe('job-0000');
    expect(driver.lastNotice).toContain('unsaved');
  });
});

it('makes a job of the configuration that is selected', async () => {
  const driver = await FormDriver.open(0);
  driver.state = { ...driver.state, views: [{ name: 'jobs' }, { name: 'configs' }] };
  driver.collectConfigs().press('c');
  expect(driver.form.texts.config_name).toBe('shop');
  expect(driver.press('escape').view).toBe('configs');
});

it('makes a job like another one, of which everything but the id is filled in', async () => {
  const driver = await FormDriver.open(1, () => ({ tags: ['a'], timeout: 60, keep_runs: 3 }));
  driver.press('C');
  expect(driver.form.focus).toBe('job_id');
  expect(driver.press('escape').view).toBe('jobs');
  await driver.press('C').type('second').press('ctrl+s', 'enter').settle();
  expect(driver.stored('second')).toEqual(driver.stored('job-0000'));
});

it('says before it is stored that a paused job is going to go on', async () => {
  const driver = await FormDriver.open(1, () => ({ pause_after_failures: 1 }));
  driver.press('e').fill('schedule.time', '10:00');
  const tag = driver.form.check.asking?.tag ?? '';
  const output = { job: { id: 'job-0000' }, changed: ['schedule', 'paused'], warnings: [] };
  driver.send({ kind: 'answer', name: 'update_job', tag, ok: true, output } as never);
  driver.press('ctrl+s');
  expect(driver.panelText).toContain('storing this resumes it');
});

it('goes to the field that is clicked', async () => {
  const driver = await FormDriver.open(1);
  driver.press('e');
  const { rows, top, rect } = formWindow(driver.state, driver.form);
  const row = rect.row - top + rows.findIndex((one) => one.kind === 'field' && one.path === 'tags');
  const click = { kind: 'mouse', what: 'press', button: 'left', column: 30, row } as const;
  driver.send({ ...click, ...{ shift: false, alt: false, ctrl: false } });
  expect(driver.form.focus).toBe('tags');
});

it('says that a paused job goes on when its schedule is another one', async () => {
  const driver = await FormDriver.open(1, () => ({ pause_after_failures: 1 }));
  driver.send({ kind: 'said', tone: 'bad', text: 'job-0000: failed and paused', subject: 'job-0000' });
  driver.press('e').fill('schedule.time', '10:00').press('ctrl+s', 'enter');
  const [call] = driver.calls.slice(-1);
  const { job } = { job: { id: 'job-0000' } };
  const output = { job, changed: ['schedule', 'paused'], warnings: [] };
  driver.send({ kind: 'answer', name: 'update_job', tag: call?.tag ?? '', ok: true, output } as never);
  expect(driver.lastNotice).toBe('job-0000 was saved: schedule. It is no longer paused.');
  // The bad news about the job does not come back after the good one.
  expect(driver.state.notices.filter(({ until }) => until > 0)).toHaveLength(1);
});

it('closes to the jobs once a new job of a configuration is saved, and says which key runs it', async () => {
  const driver = await FormDriver.open(0);
  driver.state = { ...driver.state, views: [{ name: 'jobs' }, { name: 'configs' }] };
  driver.collectConfigs().press('enter', 'C');
  expect(driver.form.texts.config_name).toBe('shop');
  await driver.fill('job_id', 'shop-daily').press('ctrl+s', 'enter').settle();
  expect(driver.state.views).toEqual([{ name: 'jobs' }]);
  expect(driver.lastNotice).toBe('shop-daily was created. r runs it now.');
  expect(driver.look().press('r').calls.at(-1)).toMatchObject({
    name: 'run_job',
    params: { job_id: 'shop-daily' },
  });
});

it('names no other pane in its help: Tab goes to the next field', async () => {
  const driver = await FormDriver.open(1);
  driver.press('e');
  const titles = helpRows(driver.state, 'tab').flatMap((row) => (row.kind === 'action' ? [row.title] : []));
  expect(titles.join()).toContain('Go to the next field (or Tab, Enter)');
  expect(titles.join()).not.toContain('pane');
});
