import { describe, expect, it } from 'vitest';
import { unresolvedConflicts } from '../../../../src/tui/features/job-form/changes.ts';
import { formWindow } from '../../../../src/tui/features/job-form/form-rows.ts';
import { FormDriver } from './form-driver.ts';

const ID = 'job-0000';

async function editing(fields: Record<string, unknown> = {}): Promise<FormDriver> {
  const driver = await FormDriver.open(1, () => fields);
  await driver.press('e').settle();
  return driver;
}

function banners(driver: FormDriver): string {
  const { rows } = formWindow(driver.state, driver.form);
  return rows.map((row) => (row.kind === 'banner' ? row.text : '')).join(' ');
}

describe('a job that is changed elsewhere while it is edited', () => {
  it('brings changes of untouched fields into the form, and names their author', async () => {
    const driver = await editing();
    driver.fill('description', 'mine');
    await driver.elsewhere('update_job', { job_id: ID, changes: { tags: ['theirs'], timeout: 60 } });
    driver.look();
    expect(driver.form.texts).toMatchObject({ description: 'mine', tags: 'theirs', timeout: '60' });
    expect(banners(driver)).toContain(
      'An agent changed these fields meanwhile, and the form shows them: tags, timeout.',
    );
    await driver.press('ctrl+s', 'enter').settle();
    expect(driver.lastNotice).toBe(`${ID} was saved: description.`);
    expect(driver.stored(ID)).toMatchObject({ description: 'mine', tags: ['theirs'], timeout: 60 });
  });

  it('asks whose it is to be where both changed the same, and keeps each that is chosen', async () => {
    const driver = await editing({ description: 'before', tags: ['before'] });
    driver.fill('description', 'mine').fill('tags', 'mine').fill('schedule.time', '10:00');
    const changes = { description: 'theirs', tags: ['theirs'], priority: 5 };
    await driver.elsewhere('update_job', { job_id: ID, changes });
    driver.look();
    expect(driver.form.texts).toMatchObject({ description: 'mine', tags: 'mine', priority: '5' });
    expect(banners(driver)).toMatch(/An agent changed the same fields as you: description, tags/);
    driver.press('ctrl+s');
    expect(driver.panel).toBe('merge');
    expect(driver.panelText).toContain('it was: before');
    expect(driver.panelText).toContain('(•) yours: mine');
    driver.press('down', 't');
    expect(driver.panelText).toContain('(•) an agent: theirs');
    driver.press('enter');
    expect(driver.panel).toBe('review');
    expect(driver.panelText).toContain('theirs → mine');
    expect(driver.panelText).not.toContain('tags');
    await driver.press('enter').settle();
    expect(driver.stored(ID)).toMatchObject({
      ...{ description: 'mine', tags: ['theirs'], priority: 5 },
      schedule: { type: 'daily', time: '10:00', timezone: 'UTC' },
    });
  });

  it('is no conflict when both came to the same, or when they took it back', async () => {
    const driver = await editing();
    driver.fill('description', 'same').goTo('more').press('enter').fill('priority', '3');
    await driver.elsewhere('update_job', { job_id: ID, changes: { description: 'same', priority: 9 } });
    driver.look();
    expect(unresolvedConflicts(driver.form).map(({ field }) => field)).toEqual(['priority']);
    await driver.elsewhere('update_job', { job_id: ID, changes: { priority: 0 } });
    driver.look();
    expect(unresolvedConflicts(driver.form)).toEqual([]);
    await driver.press('ctrl+s', 'enter').settle();
    expect(driver.lastNotice).toBe(`${ID} was saved: priority.`);
  });

  it('is noticed at the last moment, too: nothing is stored before a decision', async () => {
    const driver = await editing({ description: 'before' });
    driver.fill('description', 'mine').press('ctrl+s');
    await driver.elsewhere('update_job', { job_id: ID, changes: { description: 'theirs' } });
    // The dashboard has not heard of it yet.
    await driver.press('enter').settle();
    expect(driver.panel).toBe('merge');
    expect(driver.stored(ID)).toMatchObject({ description: 'theirs' });
    expect(driver.form.texts.description).toBe('mine');
    driver.press('escape');
    expect(driver.form.storing).toBeUndefined();
    await driver.press('ctrl+s', 'enter', 'enter').settle();
    expect(driver.stored(ID)).toMatchObject({ description: 'mine' });
  });

  it('shows the review again when another field was changed meanwhile', async () => {
    const driver = await editing();
    driver.fill('description', 'mine').press('ctrl+s');
    await driver.elsewhere('update_job', { job_id: ID, changes: { tags: ['theirs'] } });
    await driver.press('enter').settle();
    expect(driver.panel).toBe('review');
    await driver.press('enter').settle();
    expect(driver.stored(ID)).toMatchObject({ description: 'mine', tags: ['theirs'] });
  });

  it('keeps the cursor within a text that became shorter', async () => {
    const driver = await editing({ description: 'a long description' });
    driver.goTo('description');
    await driver.elsewhere('update_job', { job_id: ID, changes: { description: 'ab' } });
    driver.look();
    expect(driver.form.cursor).toBe(2);
    expect(driver.type('c').form.texts.description).toBe('abc');
  });

  it('is not reverted by a late report of the home', async () => {
    const driver = await editing();
    await driver.elsewhere('update_job', { job_id: ID, changes: { tags: ['theirs'] } });
    const before = driver.state.home;
    driver.look();
    if (before === undefined) throw new Error('no home');
    driver.send({ kind: 'home', data: before, changed: [], activity: [] });
    expect(driver.form.texts.tags).toBe('theirs');
  });
});

describe('a job that is deleted while it is edited', () => {
  it('can be restored, and the form’s values are stored after a review', async () => {
    const driver = await editing();
    driver.fill('description', 'mine');
    await driver.elsewhere('delete_job', { job_id: ID });
    driver.look();
    expect(banners(driver)).toContain('The job has been deleted meanwhile.');
    driver.press('ctrl+s');
    expect(driver.panel).toBe('gone');
    await driver.press('r').settle();
    expect(driver.panel).toBe('review');
    await driver.press('enter').settle();
    expect(driver.stored(ID)).toMatchObject({ description: 'mine' });
  });

  it('can be stored as a new one, with all that stands in the form', async () => {
    const driver = await editing({ tags: ['kept'], timeout: 60 });
    driver.fill('description', 'mine');
    await driver.elsewhere('delete_job', { job_id: ID });
    driver.look().press('ctrl+s', 'n');
    expect(driver.form.focus).toBe('job_id');
    await driver.type('again').press('ctrl+s', 'enter').settle();
    expect(driver.stored('again')).toMatchObject({ description: 'mine', tags: ['kept'], timeout: 60 });
    expect(driver.workspace.jobs.get(ID)).toBeUndefined();
  });

  it('is noticed at the last moment, too', async () => {
    const driver = await editing();
    driver.fill('description', 'mine').press('ctrl+s');
    await driver.elsewhere('delete_job', { job_id: ID });
    await driver.press('enter').settle();
    expect(driver.panel).toBe('gone');
    expect(driver.form.texts.description).toBe('mine');
  });

  it('goes on as before when it is restored elsewhere', async () => {
    const driver = await editing();
    driver.fill('description', 'mine');
    await driver.elsewhere('delete_job', { job_id: ID });
    driver.look();
    await driver.elsewhere('restore_job', { job_id: ID });
    driver.look();
    expect(driver.form.gone).toBeUndefined();
    await driver.press('ctrl+s', 'enter').settle();
    expect(driver.stored(ID)).toMatchObject({ description: 'mine' });
  });

  it('reports that it is no longer in the trash', async () => {
    const driver = await editing();
    driver.fill('description', 'mine');
    await driver.elsewhere('delete_job', { job_id: ID });
    driver.look();
    await driver.elsewhere('restore_job', { job_id: ID });
    await driver.press('ctrl+s', 'r').settle();
    expect(driver.form.storing).toBeUndefined();
    expect(driver.lastNotice).toMatch(/taken|not deleted/);
    driver.look();
    expect(driver.form.gone).toBeUndefined();
  });
});
