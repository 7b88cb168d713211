import { describe, expect, it } from 'vitest';
import { unresolvedConflicts } from '../../../../src/tui/features/job-form/changes.ts';
import { openFields } from '../../../../src/tui/features/job-form/form.ts';
import { formRows, formWindow, placeholderOf } from '../../../../src/tui/features/job-form/form-rows.ts';
import type { FieldPath } from '../../../../src/tui/features/job-form/model.ts';
import { fieldAt } from '../../../../src/tui/features/job-form/param-fields.ts';
import { textAt } from '../../../../src/tui/features/job-form/param-texts.ts';
import { problemsOf, visibleProblems } from '../../../../src/tui/features/job-form/problems.ts';
import { FormDriver } from './form-driver.ts';

const ID = 'job-0000';
const PAGE = 'url: http://127.0.0.1:9/\nselectors: { title: h1 }\n';
const CITIES = `params:
  city: {description: The city}
  sort: {type: choice, values: [new, cheap, used], default: new}
  pages: {type: integer, default: 5, description: Pages that are read}
  since: {type: date, default: 2026-11-01}
  photos: {type: boolean, default: true}
${PAGE}`;

const ROWS = ['params.city', 'params.sort', 'params.pages', 'params.since', 'params.photos'];

/** In the form of a new job, with the configuration chosen. */
async function creating(yaml = CITIES): Promise<FormDriver> {
  const driver = await FormDriver.open(0);
  await driver.workspace.configs.write('cities', yaml);
  await driver.press('n').settle();
  return driver.fill('config_name', 'cities');
}

/** In the form of a job with these values. Its configuration becomes `yaml` afterwards. */
async function editing(params: Record<string, unknown> | null, yaml = CITIES): Promise<FormDriver> {
  const driver = await FormDriver.open(1);
  await driver.workspace.configs.write('cities', yaml);
  await driver.elsewhere('update_job', { job_id: ID, changes: { config_name: 'cities', params } as never });
  return driver.look().press('e').settle();
}

function paramRows(driver: FormDriver): FieldPath[] {
  return openFields(driver.form).filter((path) => path.startsWith('params'));
}

function markOf(driver: FormDriver, path: FieldPath): string | undefined {
  const { rows } = formWindow(driver.state, driver.form);
  return rows.flatMap((row) => (row.kind === 'field' && row.path === path ? [row.mark] : []))[0];
}

describe('a configuration with parameters', () => {
  it('makes a row of each, below a heading', async () => {
    const driver = await creating(PAGE);
    expect(paramRows(driver)).toEqual([]);
    await driver.workspace.configs.write('cities', CITIES);
    driver.collectConfigs();
    expect(paramRows(driver)).toEqual(ROWS);
    const rows = formRows(driver.state, driver.form, { columns: 100, inline: false });
    const heading = rows.findIndex((row) => row.kind === 'group' && row.group === 'Parameters');
    expect(rows[heading + 1]).toMatchObject({ path: 'params.city' });
  });

  it('says in each row what counts without a value, and in the help what is allowed', async () => {
    const { form } = await creating();
    expect(placeholderOf(form, 'params.city')).toBe('needed');
    expect(placeholderOf(form, 'params.pages')).toBe('5');
    expect(fieldAt(form, 'params.pages').help).toBe('Pages that are read (a whole number)');
    expect(fieldAt(form, 'params.sort').help).toBe('One of new, cheap, used.');
    expect(fieldAt(form, 'params.sort').kind).toMatchObject({
      is: 'choice',
      choices: [
        { value: '', label: 'new', words: 'the default' },
        { value: 'new' },
        { value: 'cheap' },
        { value: 'used' },
      ],
    });
    expect(fieldAt(form, 'params.photos').kind).toMatchObject({
      choices: [
        { value: '', label: 'yes', words: 'the default' },
        { value: 'true', label: 'yes' },
        { value: 'false', label: 'no' },
      ],
    });
  });

  it('is filled in row by row, and the job is stored with these values alone', async () => {
    const driver = await creating();
    driver.fill('params.city', 'new york').press('enter');
    expect(driver.form.focus).toBe('params.sort');
    driver.press('enter').type('che').press('enter');
    expect(textAt(driver.form.texts, 'params.sort')).toBe('cheap');
    driver.fill('params.pages', '3').goTo('params.photos').press('left');
    driver.fill('job_id', 'york').press('ctrl+s');
    expect(driver.panelText).toContain('city=new york, pages=3, photos=false, sort=cheap');
    await driver.press('enter').settle();
    expect(driver.stored('york')['params']).toEqual({
      ...{ city: 'new york', pages: '3', photos: 'false', sort: 'cheap' },
    });
  });

  it('keeps the form from being stored without a value that is needed, and the keys go to its row', async () => {
    const driver = await creating();
    driver.goTo('description');
    expect(visibleProblems(driver.form)).toEqual([]);
    driver.press('ctrl+s');
    expect(driver.panel).toBeUndefined();
    expect(driver.form.focus).toBe('params.city');
    expect(driver.lastNotice).toContain('params.city: missing; it must be a text of one line');
    expect(markOf(driver, 'params.city')).toBe('wrong');
  });

  it('says below each row what is wrong with its value, as every interface does', async () => {
    const driver = await creating();
    driver.fill('params.city', 'berlin').fill('params.pages', 'many').fill('params.since', '2026-13-01');
    expect(visibleProblems(driver.form)).toEqual([
      { path: 'params.pages', message: 'params.pages: must be a whole number, not "many"' },
      {
        path: 'params.since',
        message: 'params.since: must be a date, such as 2026-11-25, not "2026-13-01"',
      },
    ]);
    driver.fill('params.pages', '').fill('params.since', '');
    expect(problemsOf(driver.form)).toEqual([]);
  });

  it('has rows that a click goes to', async () => {
    const driver = await creating();
    const { rows, top, rect } = formWindow(driver.state, driver.form);
    const row = rect.row - top + rows.findIndex((one) => one.kind === 'field' && one.path === 'params.pages');
    const click = { kind: 'mouse', what: 'press', button: 'left', column: 30, row } as const;
    driver.send({ ...click, ...{ shift: false, alt: false, ctrl: false } });
    expect(driver.form.focus).toBe('params.pages');
  });

  it('is tested with the values in the form', async () => {
    const driver = await creating();
    driver.fill('params.city', 'berlin').press('ctrl+t');
    expect(driver.form.test?.params).toEqual({ city: 'berlin' });
  });
});

describe('another configuration', () => {
  it('brings its own rows; what both declare stays, and nothing else is lost or stored unseen', async () => {
    const driver = await creating();
    const other = `params: {city: {}, limit: {type: number, default: 1}}\n${PAGE}`;
    await driver.workspace.configs.write('towns', other);
    driver.collectConfigs();
    driver.fill('params.city', 'berlin').fill('params.pages', '3').fill('config_name', 'towns');
    expect(paramRows(driver)).toEqual(['params.city', 'params.limit', 'params.pages']);
    expect(textAt(driver.form.texts, 'params.city')).toBe('berlin');
    expect(visibleProblems(driver.form)).toEqual([
      {
        path: 'params.pages',
        message: 'params.pages: unknown field',
        hint: 'Allowed: city, limit. Empty the row to remove the value.',
      },
    ]);
    // Back again, all is as it was.
    driver.fill('config_name', 'cities');
    expect(visibleProblems(driver.form)).toEqual([]);
    expect(textAt(driver.form.texts, 'params.pages')).toBe('3');
    driver.fill('config_name', 'towns').fill('params.pages', '');
    expect(paramRows(driver)).toEqual(['params.city', 'params.limit']);
    expect(driver.form.focus).toBe('params.limit');
    await driver.fill('job_id', 'towns').press('ctrl+s', 'enter').settle();
    expect(driver.stored('towns')).toMatchObject({ config_name: 'towns', params: { city: 'berlin' } });
  });

  it('without parameters shows each value that it does not know', async () => {
    const driver = await creating();
    driver.fill('params.city', 'berlin').fill('config_name', 'shop');
    expect(visibleProblems(driver.form)).toMatchObject([
      {
        path: 'params.city',
        hint: 'The configuration declares no parameters. Empty the row to remove the value.',
      },
    ]);
    driver.fill('params.city', '');
    expect(paramRows(driver)).toEqual([]);
    expect(problemsOf(driver.form)).toEqual([]);
  });
});

describe('a stored job', () => {
  it('whose values the configuration no longer declares shows them and can be changed otherwise', async () => {
    const driver = await editing({ city: 'berlin', sort: 'cheap' });
    await driver.workspace.configs.write('cities', `params: {city: {}}\n${PAGE}`);
    driver.collectConfigs();
    expect(paramRows(driver)).toEqual(['params.city', 'params.sort']);
    expect(markOf(driver, 'params.sort')).toBe('wrong');
    expect(visibleProblems(driver.form)).toMatchObject([
      { path: 'params.sort', message: 'params.sort: unknown field' },
    ]);
    await driver.fill('description', 'new').press('ctrl+s', 'enter').settle();
    expect(driver.stored(ID)).toMatchObject({
      description: 'new',
      params: { city: 'berlin', sort: 'cheap' },
    });
  });

  it('loses such a value when its row is emptied, which a key puts back', async () => {
    const driver = await editing({ city: 'berlin', sort: 'cheap' });
    await driver.workspace.configs.write('cities', `params: {city: {}}\n${PAGE}`);
    driver.collectConfigs();
    driver.fill('params.sort', '');
    expect(placeholderOf(driver.form, 'params.sort')).toBe('removed');
    expect(markOf(driver, 'params.sort')).toBe('changed');
    driver.press('alt+z');
    expect(textAt(driver.form.texts, 'params.sort')).toBe('cheap');
    driver.fill('params.sort', '').press('ctrl+s');
    expect(driver.panelText).toContain('params  sort=cheap → none');
    await driver.press('enter').settle();
    expect(driver.stored(ID)['params']).toEqual({ city: 'berlin' });
  });

  it('with a value that is not among the choices shows it, and left and right go on from there', async () => {
    const driver = await editing({ city: 'berlin', sort: 'cheap' });
    await driver.workspace.configs.write('cities', CITIES.replace('cheap, used', 'used, best'));
    driver.collectConfigs();
    expect(visibleProblems(driver.form)).toMatchObject([{ path: 'params.sort' }]);
    driver.goTo('params.sort').press('left');
    expect(textAt(driver.form.texts, 'params.sort')).toBe('best');
    driver.press('alt+z', 'right');
    expect(textAt(driver.form.texts, 'params.sort')).toBe('');
    expect(problemsOf(driver.form)).toEqual([]);
  });

  it('keeps the values that nobody touched as they are written, and shows the others before they are stored', async () => {
    const driver = await editing({ city: 'berlin', pages: 3, photos: false });
    driver.fill('params.city', 'porto').press('ctrl+s');
    expect(driver.panelText).toContain('params  city=berlin → city=porto');
    expect(driver.panelText).not.toContain('pages');
    await driver.press('enter').settle();
    expect(driver.stored(ID)['params']).toEqual({ city: 'porto', pages: 3, photos: false });
  });

  it('keeps an empty text that a command gave it, and says so', async () => {
    const driver = await editing({ city: '', pages: 2 });
    expect(placeholderOf(driver.form, 'params.city')).toBe('an empty text');
    await driver.fill('params.pages', '3').press('ctrl+s', 'enter').settle();
    expect(driver.stored(ID)['params']).toEqual({ city: '', pages: '3' });
  });

  it('has no change after a value was typed back', async () => {
    const driver = await editing({ pages: 3, city: 'berlin' });
    driver.fill('params.city', '').fill('params.city', 'berlin').press('ctrl+s');
    expect(driver.lastNotice).toBe('Nothing is changed.');
  });

  it('takes the values of another client where none was touched here', async () => {
    const driver = await editing({ city: 'berlin' });
    driver.fill('description', 'mine');
    await driver.elsewhere('update_job', { job_id: ID, changes: { params: { city: 'rome', pages: 2 } } });
    driver.look();
    expect(textAt(driver.form.texts, 'params.city')).toBe('rome');
    expect(textAt(driver.form.texts, 'params.pages')).toBe('2');
  });

  it('asks whose values count when another client has changed them, too', async () => {
    const driver = await editing({ city: 'berlin' });
    driver.fill('params.city', 'porto');
    await driver.elsewhere('update_job', { job_id: ID, changes: { params: { city: 'rome' } } });
    driver.look();
    expect(markOf(driver, 'params.city')).toBe('conflict');
    driver.press('ctrl+s');
    expect(driver.panel).toBe('merge');
    expect(driver.panelText).toContain('yours: city=porto');
    driver.press('t', 'enter');
    expect(textAt(driver.form.texts, 'params.city')).toBe('rome');
  });

  it('takes each value that was changed on one side only, and stores its own', async () => {
    const driver = await editing({ city: 'berlin', pages: 2, sort: 'new' });
    driver.fill('params.pages', '9');
    await driver.elsewhere('update_job', { job_id: ID, changes: { params: { city: 'rome', pages: 2 } } });
    driver.look();
    expect(driver.form.texts.params).toBe('city=rome, pages=9');
    expect([markOf(driver, 'params.city'), markOf(driver, 'params.pages')]).toEqual([undefined, 'changed']);
    expect(driver.form.otherChange?.taken).toEqual(['params']);
    driver.press('ctrl+s');
    expect(driver.panelText).toContain('params  pages=2 → pages=9');
    await driver.press('enter').settle();
    expect(driver.stored(ID)['params']).toEqual({ city: 'rome', pages: '9' });
  });

  it('remembers a value that both have changed when others change afterwards', async () => {
    const driver = await editing({ city: 'berlin', pages: 2 });
    driver.fill('params.city', 'porto');
    for (const pages of [2, 3]) {
      const params = { city: 'rome', pages };
      await driver.elsewhere('update_job', { job_id: ID, changes: { params } });
      driver.look();
      expect(unresolvedConflicts(driver.form)).toMatchObject([
        { field: 'params', before: { city: 'berlin' } },
      ]);
    }
    expect(driver.form.texts.params).toBe('city=porto, pages=3');
    await driver.elsewhere('update_job', {
      job_id: ID,
      changes: { params: { city: 'berlin', pages: 2 } },
    });
    expect(unresolvedConflicts(driver.look().form)).toEqual([]);
    expect(driver.form.texts.params).toBe('city=porto, pages=2');
  });

  it('keeps the keys within its parameters when another client removes the value at hand', async () => {
    const driver = await editing({ city: 'berlin', sort: 'cheap' });
    await driver.workspace.configs.write('cities', `params: {city: {}}\n${PAGE}`);
    driver.collectConfigs().goTo('params.sort');
    await driver.elsewhere('update_job', { job_id: ID, changes: { params: { city: 'rome' } } });
    driver.look();
    expect(driver.form.focus).toBe('params.city');
    expect(driver.form.cursor).toBe('rome'.length);
  });
});

describe('a configuration that cannot be read', () => {
  it.each(['params: [\nurl: x', 'params: {city: {type: town}}\nurl: x'])(
    'has one row for all values, which become rows again: %s',
    async (yaml) => {
      const driver = await editing({ city: 'berlin', pages: 3 });
      driver.goTo('params.pages');
      await driver.workspace.configs.write('cities', yaml);
      driver.collectConfigs();
      expect(paramRows(driver)).toEqual(['params']);
      expect(driver.form.focus).toBe('params');
      expect(driver.form.texts.params).toBe('city=berlin, pages=3');
      driver.fill('params', 'city=porto, pages');
      expect(visibleProblems(driver.form)).toMatchObject([{ path: 'params' }]);
      driver.type('=4');
      expect(problemsOf(driver.form)).toEqual([]);
      await driver.workspace.configs.write('cities', CITIES);
      driver.collectConfigs();
      expect(paramRows(driver)).toEqual(ROWS);
      expect(driver.form.focus).toBe('params.city');
      expect(textAt(driver.form.texts, 'params.pages')).toBe('4');
    },
  );

  it('has the row also without a value, and a text in it is stored unchecked', async () => {
    const driver = await creating('params: [\nurl: x');
    driver.fill('params', 'city=berlin').fill('job_id', 'odd').press('ctrl+s', 'enter');
    await driver.settle();
    expect(driver.stored('odd')['params']).toEqual({ city: 'berlin' });
  });
});
