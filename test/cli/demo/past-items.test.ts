import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { demoConfigs } from '../../../src/cli/demo/demo-jobs.ts';
import { pastRuns, recordPastRun } from '../../../src/cli/demo/demo-past.ts';
import { recordPastItems } from '../../../src/cli/demo/past-items.ts';
import { DAY_MS } from '../../../src/core/lib/clock.ts';
import { callOperation } from '../../../src/core/operations/call-operation.ts';
import { makeBooks } from '../../../src/sandbox/books.ts';
import { priceAt } from '../../../src/sandbox/drift.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const SHOP = 'http://127.0.0.1:9/';
const SCHEDULE = { type: 'custom', cron_expression: '0 */3 * * *', timezone: 'UTC' } as const;

async function jobOf(config: 'arrivals' | 'stock') {
  const home = join(tempFolderInMemory(), 'home');
  mkdirSync(home, { mode: 0o700 });
  const made = openTempWorkspace({ home, actor: 'cli' });
  await made.configs.write(config, demoConfigs(SHOP)[config]);
  await callOperation(made, 'create_job', { job_id: 'a', config_name: config, schedule: SCHEDULE });
  const runs = pastRuns({ runs: 240, durationMs: 320, pages: 1 }, SCHEDULE, Date.now()).map((run) => ({
    at: run.at,
    runId: recordPastRun(made.db, { id: 'a', configName: config, timezone: 'UTC' }, run) ?? '',
  }));
  await recordPastItems(made, { id: 'a', configName: config }, { runs, url: SHOP });
  return { made, runs };
}

it('each book of the first page has the prices of thirty days, as the shop had them', async () => {
  const { made, runs } = await jobOf('arrivals');
  const [book] = makeBooks();
  const { figures, values, total } = await callOperation(made, 'get_item_history', {
    job_id: 'a',
    key: book?.title ?? '',
  });
  expect(total).toBeGreaterThan(40);
  expect(Date.now() - Date.parse(figures?.[0]?.first.at ?? '')).toBeGreaterThan(28 * DAY_MS);
  const last = priceAt(book as never, new Date(runs.at(-1)?.at ?? 0));
  expect(values[0]?.value).toBe(`£${(last / 100).toFixed(2)}`);
});

it('the newest run has its items, so that the next one is compared with them', async () => {
  const { made, runs } = await jobOf('arrivals');
  const [run_id, before] = [runs.at(-1)?.runId ?? '', runs.at(-2)?.runId ?? ''];
  const { items, total } = await callOperation(made, 'list_items', { run_id });
  expect(total).toBe(20);
  const [book] = makeBooks();
  expect(items[0]).toMatchObject({
    title: book?.title,
    rating: expect.stringMatching(/^star-rating [OTF]/),
    link: `http://127.0.0.1:9${book?.path}`,
  });
  await expect(callOperation(made, 'list_items', { run_id: before })).rejects.toThrow('gone');
});

it('a configuration without a history gets none', async () => {
  const { made } = await jobOf('stock');
  await expect(callOperation(made, 'get_item_history', { job_id: 'a', key: 'x' })).rejects.toThrow('history');
});
