import { describe, expect, it } from 'vitest';
import { footerParts } from '../../../../src/tui/app/footer.ts';
import { previewOf } from '../../../../src/tui/features/job-form/preview.ts';
import { problemsOf } from '../../../../src/tui/features/job-form/problems.ts';
import { selectedJob } from '../../../../src/tui/features/jobs/reducer.ts';
import { FormDriver } from './form-driver.ts';

describe('a new job', () => {
  it('is created by keys alone: a configuration, a common schedule, a review of what is stored', async () => {
    const driver = await FormDriver.open(0);
    await driver.workspace.configs.write('news', 'url: http://127.0.0.1:9/\nselectors: { title: h1 }\n');
    driver.press('n');
    expect(driver.view).toBe('form');
    await driver.settle();
    driver.press('enter').type('news').press('enter');
    expect(driver.form.texts.config_name).toBe('news');
    driver.goTo('schedule.type').press('enter').type('weekday at').press('enter');
    expect(driver.form.texts).toMatchObject({
      'schedule.type': 'custom',
      'schedule.cron_expression': '0 9 * * 1-5',
    });
    driver.fill('job_id', 'weekday-news').press('ctrl+s');
    expect(driver.panel).toBe('review');
    driver.press('enter');
    await driver.settle();
    expect(driver.view).toBe('jobs');
    expect(driver.lastNotice).toBe('weekday-news was created. r runs it now.');
    expect(driver.stored('weekday-news')).toMatchObject({
      config_name: 'news',
      schedule: { type: 'custom', cron_expression: '0 9 * * 1-5' },
      keep_runs: 50,
    });
    expect(driver.workspace.jobs.get('weekday-news')).toMatchObject({ record: { createdBy: 'tui' } });
  });

  it('takes the only configuration there is, the zone and the kept runs of the settings', async () => {
    const driver = await FormDriver.open(0);
    await driver.workspace.settings.set('timezone', 'Asia/Tokyo');
    await driver.workspace.settings.set('keep_runs', 7);
    await driver.look().press('n').settle();
    expect(driver.form.texts.config_name).toBe('shop');
    expect(driver.form.zone).toBe('Asia/Tokyo');
    await driver.workspace.settings.set('timezone', 'Europe/Berlin');
    expect(driver.look().form.zone).toBe('Europe/Berlin');
    await driver.workspace.settings.set('timezone', 'Asia/Tokyo');
    driver.look();
    await driver.fill('job_id', 'shop').press('ctrl+s', 'enter').settle();
    expect(driver.stored('shop')).toMatchObject({ keep_runs: 7, schedule: { timezone: 'Asia/Tokyo' } });
  });

  it('is left without a question while nothing is filled in, and asks after that', async () => {
    const driver = await FormDriver.open(0);
    await driver.press('n').settle();
    expect(driver.press('escape').view).toBe('jobs');
    await driver.press('n').settle();
    driver.goTo('description').type('x').press('escape');
    expect(driver.panel).toBe('leave');
    expect(footerParts(driver.state, 80).map(({ key, word }) => `${key} ${word}`)).toEqual([
      ...['y discard', 'n stay', 's save'],
    ]);
    expect(driver.press('enter').panel).toBe('leave');
    expect(driver.press('n').form.texts.description).toBe('x');
    expect(driver.press('escape', 'y').view).toBe('jobs');
  });

  it('cannot be begun with --read-only', async () => {
    const driver = await FormDriver.open(1, undefined, { readOnly: true });
    for (const key of ['n', 'e', 'E']) driver.press(key);
    expect(driver.view).toBe('jobs');
    expect([driver.calls, driver.others]).toEqual([[], []]);
  });

  it('keeps the values of a schedule when its type changes there and back', async () => {
    const driver = await FormDriver.open(0);
    await driver.press('n').settle();
    driver.fill('schedule.time', '07:30').goTo('schedule.type').press('left');
    expect(driver.form.texts['schedule.type']).toBe('hourly');
    driver.press('right');
    expect(driver.form.texts['schedule.time']).toBe('07:30');
  });

  it('begins a cron expression from the schedule, and a single day with tomorrow', async () => {
    const driver = await FormDriver.open(0);
    await driver.press('n').settle();
    driver.fill('schedule.time', '07:30').goTo('schedule.type').press('right');
    driver.fill('schedule.time', '18:05').goTo('schedule.type').press('right', 'right');
    expect(driver.form.texts).toMatchObject({
      'schedule.type': 'custom',
      'schedule.cron_expression': '5 18 1 * *',
    });
    driver.press('right');
    expect(driver.form.texts).toMatchObject({ 'schedule.type': 'once', 'schedule.date': '2026-11-27' });
  });

  it('begins no cron expression from a day of the month that short months do not have', async () => {
    const driver = await FormDriver.open(0);
    await driver.press('n').settle();
    driver.goTo('schedule.type').press('right', 'right');
    driver.fill('schedule.day_of_month', '31').goTo('schedule.type').press('right');
    expect(driver.form.texts).toMatchObject({ 'schedule.type': 'custom', 'schedule.cron_expression': '' });
  });
});

describe('an error', () => {
  it.each([
    ['max_retries', 'many', 'max_retries: must be a whole number from 0 to 100, not "many"'],
    ['timeout', '0', 'timeout: must be a number of seconds from 1 to 2678400, not 0'],
    ['output_path', '../x', /output_path/],
    ['schedule.time', '9', 'time "9" is not valid: use HH:MM from 00:00 to 23:59'],
    ['schedule.timezone', 'Mars', /timezone "Mars" is not valid/],
    ['job_id', 'Ä', 'job_id: "Ä" is not a valid name'],
    ['tags', '  ,', undefined],
    ['expect.min_items', '-1', /expect.min_items: must be/],
  ] as const)('in %s has the wording of every interface', async (path, text, message) => {
    const driver = await FormDriver.open(0);
    await driver.press('n').settle();
    driver.goTo('more').press('enter').fill(path, text);
    const [problem] = problemsOf(driver.form);
    if (message === undefined) expect(problem).toBeUndefined();
    else
      expect(problem).toMatchObject({
        path,
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      });
    expect(problem?.hint ?? '').not.toContain('quickscrape ');
  });

  it('keeps it from being stored, and the keys go there, also to where it was folded away', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e').goTo('more').press('enter').fill('keep_runs', '0').goTo('more').press('enter');
    expect(driver.form.unfolded).toBe(false);
    driver.goTo('description').press('ctrl+s');
    expect(driver.panel).toBeUndefined();
    expect(driver.form.focus).toBe('keep_runs');
    expect(driver.lastNotice).toContain('keep_runs: must be a whole number from 1 to 1000000, not 0');
  });

  it('is also found by the operation, which knows the home', async () => {
    const driver = await FormDriver.open(1);
    await driver.press('n').settle();
    await driver.fill('config_name', 'shopp').settle();
    expect(problemsOf(driver.form)).toMatchObject([
      { path: 'config_name', message: 'there is no configuration "shopp"', hint: 'Did you mean shop?' },
    ]);
    await driver
      .fill('config_name', 'shop')
      .fill('job_id', 'job-0000')
      .fill('description', 'another')
      .settle();
    expect(problemsOf(driver.form)).toMatchObject([{ path: 'job_id' }]);
    await driver.fill('job_id', 'job-0001').settle();
    expect(problemsOf(driver.form)).toEqual([]);
  });

  it('asks one question at a time, and an answer about what stood there before does not count', async () => {
    const driver = await FormDriver.open(1);
    await driver.press('n').settle();
    driver.fill('config_name', 'shopp');
    expect(driver.calls).toHaveLength(1);
    driver.fill('config_name', 'shop');
    expect(driver.calls).toHaveLength(1);
    await driver.settle();
    expect(problemsOf(driver.form)).toEqual([]);
    expect(driver.form.check.texts).toBe(driver.form.texts);
  });

  it('is right again when the home is', async () => {
    const driver = await FormDriver.open(0);
    await driver.press('n').settle();
    await driver.fill('config_name', 'later').settle();
    expect(problemsOf(driver.form)).toHaveLength(1);
    await driver.workspace.configs.write('later', 'url: http://127.0.0.1:9/\nselectors: { title: h1 }\n');
    await driver.look().settle();
    expect(problemsOf(driver.form)).toEqual([]);
  });
});

describe('the preview', () => {
  it('says the schedule in words and its next five runs, with what the clocks make of them', async () => {
    const driver = await FormDriver.open(0, undefined, { now: Date.parse('2027-03-25T00:00:00Z') });
    await driver.press('n').settle();
    driver.fill('schedule.time', '02:30').fill('schedule.timezone', 'Europe/Berlin');
    const preview = previewOf(driver.form, driver.state.now);
    expect(preview?.words).toBe('every day at 02:30 (Europe/Berlin)');
    expect(preview?.runs.map(({ text }) => text)).toEqual([
      'Thu 25 Mar 02:30 +01:00',
      'Fri 26 Mar 02:30 +01:00',
      'Sat 27 Mar 02:30 +01:00',
      'Sun 28 Mar 03:00 +02:00',
      'Mon 29 Mar 02:30 +02:00',
    ]);
    expect(preview?.notes).toMatchObject([{ kind: 'shifted' }]);
  });

  it('names the zone once where the clocks do not change between the runs', async () => {
    const driver = await FormDriver.open(0, undefined, { now: Date.parse('2026-12-01T00:00:00Z') });
    await driver.press('n').settle();
    driver.fill('schedule.time', '22:30').fill('schedule.timezone', 'Europe/Berlin');
    const preview = previewOf(driver.form, driver.state.now);
    expect(preview?.words).toBe('every day at 22:30 (Europe/Berlin)');
    expect(preview?.runs[0]?.text).toBe('Tue 1 Dec 22:30');
  });

  it('is not there while the schedule is not complete', async () => {
    const driver = await FormDriver.open(0);
    await driver.press('n').settle();
    expect(previewOf(driver.fill('schedule.time', '2').form, driver.state.now)).toBeUndefined();
  });
});

describe('moving and filling in', () => {
  it('goes through the fields with Tab, Shift-Tab and the arrows, and does not run off the ends', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e');
    const first = driver.form.focus;
    expect(driver.press('shift+tab', 'up').form.focus).toBe(first);
    expect(driver.press('tab').form.focus).toBe('description');
    expect(driver.press('down').form.focus).toBe('tags');
    expect(driver.press('up', 'enter').form.focus).toBe('tags');
    expect(driver.press('ctrl+end').form.focus).toBe('more');
    expect(driver.press('tab').form.focus).toBe('more');
    expect(driver.press('space', 'ctrl+end').form.focus).toBe('keep_runs');
  });

  it('takes letters that are keys elsewhere as text', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e').fill('description', 'q?:jkE/ gg');
    expect(driver.form.texts.description).toBe('q?:jkE/ gg');
    expect(driver.state.dialog).toBeUndefined();
  });

  it('completes a zone and a tag with the right arrow', async () => {
    const driver = await FormDriver.open(1, () => ({ tags: ['daily', 'prices'] }));
    await driver.press('n').settle();
    driver.fill('schedule.timezone', 'berl').press('right');
    expect(driver.form.texts['schedule.timezone']).toBe('Europe/Berlin');
    driver.fill('tags', 'daily, pr').press('right');
    expect(driver.form.texts.tags).toBe('daily, prices');
  });

  it('shows all values at a letter and takes the one that fits', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e').goTo('more').press('enter').goTo('overlap').type('que').press('enter');
    expect(driver.form.texts.overlap).toBe('queue');
    driver.press('space');
    expect(driver.form.texts.overlap).toBe('cancel_running');
  });

  it('pastes as one line', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e').fill('description', '').send({ kind: 'paste', text: 'two\nlines\u001b[31m' });
    expect(driver.form.texts.description).toBe('two lines\ufffd[31m');
  });

  it('puts a field back as it was', async () => {
    const driver = await FormDriver.open(1, () => ({ description: 'before' }));
    driver.press('e').fill('description', 'after').press('alt+z');
    expect(driver.form.texts.description).toBe('before');
    expect(driver.press('escape').view).toBe('jobs');
  });
});

describe('storing', () => {
  it('writes the changed fields alone, after they were shown', async () => {
    const driver = await FormDriver.open(1, () => ({
      description: 'odd  \n text',
      tags: ['a,b', 'c'],
      on_success: ['x', 'y z'],
    }));
    driver.press('e').fill('schedule.time', '10:00').press('ctrl+s');
    expect(driver.panel).toBe('review');
    await driver.press('enter').settle();
    expect(driver.lastNotice).toBe('job-0000 was saved: schedule.');
    expect(driver.stored('job-0000')).toMatchObject({
      schedule: { type: 'daily', time: '10:00', timezone: 'UTC' },
      ...{ description: 'odd  \n text', tags: ['a,b', 'c'], on_success: ['x', 'y z'] },
    });
  });

  it('says that nothing is changed', async () => {
    const driver = await FormDriver.open(1);
    driver.press('e', 'ctrl+s');
    expect(driver.lastNotice).toBe('Nothing is changed.');
    expect(driver.view).toBe('form');
  });

  it('empties a field, and gives one its default, by leaving it empty', async () => {
    const driver = await FormDriver.open(1, () => ({
      description: 'gone',
      timeout: 60,
      tags: ['a'],
      expect: { min_items: 1 },
    }));
    driver.press('e').goTo('more').press('enter');
    driver.fill('description', '').fill('timeout', '').fill('tags', '').fill('expect.min_items', '');
    await driver.press('ctrl+s', 'enter').settle();
    expect(driver.stored('job-0000')).toMatchObject({
      description: null,
      timeout: 3600,
      tags: [],
      expect: null,
    });
  });

  it('keeps keys that are typed ahead for the new job, until the list has it', async () => {
    const driver = await FormDriver.open(2);
    await driver.press('n').settle();
    await driver.fill('job_id', 'new').press('ctrl+s', 'enter', 'r').settle();
    expect(driver.view).toBe('jobs');
    expect(driver.others).toEqual([]);
    driver.press('l');
    expect(driver.calls).toEqual([]);
    expect(driver.look().others).toMatchObject([{ kind: 'send_keys', keys: [{ key: 'r' }, { key: 'l' }] }]);
    expect(selectedJob(driver.state)?.id).toBe('new');
    expect(driver.press('r').calls).toMatchObject([{ name: 'run_job', params: { job_id: 'new' } }]);
  });

  it('takes keys typed ahead back on Esc, and drops them where another job is selected', async () => {
    const driver = await FormDriver.open(1);
    await driver.press('n').settle();
    await driver.fill('job_id', 'new').press('ctrl+s', 'enter').settle();
    expect(driver.press('r', 'escape').look().others).toEqual([]);

    await driver.press('/', ...'job-', 'enter', 'n').settle();
    await driver.fill('job_id', 'hidden').press('ctrl+s', 'enter', 'r').settle();
    expect(driver.look().others).toMatchObject([{ kind: 'save_preferences' }]);
    expect(driver.lastNotice).toBe('hidden is not selected, so the keys typed ahead were dropped.');
  });

  it('no longer waits for a job that is not listed after three seconds', async () => {
    const driver = await FormDriver.open(1);
    await driver.press('n').settle();
    await driver.fill('job_id', 'new').press('ctrl+s', 'enter').settle();
    driver.send({ kind: 'tick', now: driver.state.now + 3_000 });
    expect(driver.press('r').calls).toMatchObject([{ name: 'run_job', params: { job_id: 'job-0000' } }]);
  });

  it('drops keys that were typed ahead when it is refused', async () => {
    const driver = await FormDriver.open(1);
    await driver.press('n').settle();
    driver.fill('job_id', 'job-0000').fill('description', 'another').press('ctrl+s', 'enter', 'r');
    await driver.settle();
    expect([driver.view, driver.form.held]).toEqual(['form', []]);
  });

  it('goes on in the form when it is refused', async () => {
    const driver = await FormDriver.open(1);
    await driver.press('n').settle();
    driver.fill('job_id', 'job-0001').press('ctrl+s', 'enter');
    // Somebody else is quicker.
    const own = { type: 'hourly', timezone: 'UTC' } as const;
    await driver.elsewhere('create_job', { job_id: 'job-0001', config_name: 'shop', schedule: own });
    await driver.settle();
    expect(driver.view).toBe('form');
    expect(driver.form.focus).toBe('job_id');
    expect(driver.lastNotice).toContain('there is a job "job-0001" already');
  });
});
