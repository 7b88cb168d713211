import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveHome } from '../../../../src/core/fs/paths.ts';
import { editAsJson } from '../../../../src/tui/features/job-form/open-form.ts';
import type { EffectOf } from '../../../../src/tui/kernel/model.ts';
import { jobRow } from '../../job-rows.ts';
import { someState } from '../../some-state.ts';
import { FormDriver } from './form-driver.ts';

const ID = 'job-0000';
const TAG = `form.json:${ID}`;

/** What the editor was last given. */
function given(driver: FormDriver): EffectOf<'edit_text'> {
  const effect = driver.others.at(-1);
  if (effect?.kind !== 'edit_text') throw new Error('no editor was opened');
  return effect;
}

describe('a job in the editor', () => {
  it('comes back as changes to review and store', async () => {
    const driver = await FormDriver.open(1, () => ({ description: 'before' }));
    driver.press('E');
    const { text, fileName, tag } = given(driver);
    expect({ fileName, tag }).toEqual({ fileName: `${ID}.json`, tag: TAG });
    driver.send({ kind: 'text_edited', tag, text: text.replace('"before"', '"after"') });
    expect(driver.panel).toBe('review');
    expect(driver.panelText).toContain('before → after');
    await driver.press('enter').settle();
    expect(driver.stored(ID)).toMatchObject({ description: 'after' });
    expect(driver.view).toBe('jobs');
  });

  it('is stored as it is written, down to what a form has no words for', async () => {
    const driver = await FormDriver.open(1);
    driver.press('E');
    const job = {
      ...JSON.parse(given(driver).text),
      tags: ['a, b', ' c'],
      on_success: ['echo', 'two words'],
    };
    job.on_failure = '["odd"]';
    job.expect = { min_items: 0, required_fields: ['x,y'] };
    driver.send({ kind: 'text_edited', tag: TAG, text: JSON.stringify(job) });
    await driver.press('enter').settle();
    expect(driver.stored(ID)).toMatchObject({
      ...{ tags: ['a, b', ' c'], on_success: ['echo', 'two words'], on_failure: '["odd"]' },
      expect: { min_items: 0, required_fields: ['x,y'] },
    });
  });

  it('leaves everything as it is when nothing is changed', async () => {
    const driver = await FormDriver.open(1);
    driver.press('E').send({ kind: 'text_edited', tag: TAG, text: given(driver).text });
    expect(driver.lastNotice).toBe('Nothing is changed.');
    expect(driver.view).toBe('jobs');
    expect(driver.state.form.drafts).toEqual({});
  });

  it.each([
    ['{ "config_name": "shop",\n  oops }', 'Line 2, column 3: not JSON'],
    [
      '{\n  "config_name": "shop",\n  "schedule": { "type": "daily",\n    "time": "9" }\n}',
      'Line 4, column 5: time "9"',
    ],
    [
      '{\n  "config_name": "shop",\n  "schedule": { "type": "hourly" },\n  "timeout": 0\n}',
      'Line 4, column 3: timeout: must be',
    ],
    [
      '{\n  "config_name": "shop",\n  "schedule": { "type": "hourly" },\n  "retrys": 0\n}',
      'Line 4, column 3: retrys: unknown field',
    ],
    ['[]', 'must be an object of fields'],
  ])('says where it is no job: %s', async (text, message) => {
    const driver = await FormDriver.open(1);
    driver.press('E').send({ kind: 'text_edited', tag: TAG, text });
    expect(driver.panel).toBe('rejected');
    expect(driver.panelText).toContain(message);
    expect(driver.panelText).not.toContain('quickscrape ');
    expect(driver.calls).toEqual([]);
  });

  it('can be edited again or discarded where it is not a job, and is kept otherwise', async () => {
    const driver = await FormDriver.open(1);
    driver.press('E').send({ kind: 'text_edited', tag: TAG, text: '{ half' });
    driver.press('e');
    expect(given(driver).text).toBe('{ half');
    driver.send({ kind: 'text_edited', tag: TAG, text: '{ half' }).press('escape');
    expect(driver.panel).toBeUndefined();
    driver.press('E');
    expect(given(driver).text).toBe('{ half');
    driver.send({ kind: 'text_edited', tag: TAG, text: '{ half' }).press('t').press('E');
    expect(JSON.parse(given(driver).text)).toMatchObject({ config_name: 'shop' });
  });

  it('meets what others changed while the editor was open', async () => {
    const driver = await FormDriver.open(1, () => ({ description: 'before' }));
    driver.press('E');
    const text = given(driver).text.replace('"before"', '"mine"');
    await driver.elsewhere('update_job', { job_id: ID, changes: { description: 'theirs', priority: 5 } });
    driver.look().send({ kind: 'text_edited', tag: TAG, text });
    expect(driver.panel).toBe('merge');
    await driver.press('enter', 'enter').settle();
    expect(driver.stored(ID)).toMatchObject({ description: 'mine', priority: 5 });
  });

  it('is its file itself when that cannot be used', async () => {
    const driver = await FormDriver.open(1);
    const path = join(driver.workspace.paths.jobs, `${ID}.json`);
    writeFileSync(path, '{ broken');
    driver.look().press('e');
    expect(driver.view).toBe('jobs');
    expect(driver.lastNotice).toContain('E opens it in your editor');
    driver.press('E');
    expect(driver.others.at(-1)).toEqual({ kind: 'edit_file', path, tag: `form.file:${ID}` });
  });

  it('is that file in the folder of jobs that was chosen', () => {
    const paths = resolveHome({ home: '/home', jobsDir: '/elsewhere' });
    const { effects } = editAsJson(someState({ paths }), jobRow(ID, { definition: null }));
    expect(effects).toMatchObject([{ kind: 'edit_file', path: `/elsewhere/${ID}.json` }]);
  });
});
