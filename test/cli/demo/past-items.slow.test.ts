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
    ...run,
    runId: recordPastRun(made.db, { id: 'a', configName: config, timezone: 'UTC' }, run) ?? '',
  }));
  await recordPastItems(made, { id: 'a', configName: config }, { runs, kept: 7, url: SHOP });
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

it('the newest runs have their items, so that each is compared with the one before', async () => {
  const { made, runs } = await jobOf('arrivals');
  const idAt = (index: number) => runs.at(index)?.runId ?? '';
  const run_id = idAt(-1);
  const { items, total } = await callOperation(made, 'list_items', { run_id });
  expect(total).toBe(20);
  const [book] = makeBooks();
  expect(items[0]).toMatchObject({
    title: book?.title,
    rating: expect.stringMatching(/^star-rating [OTF]/),
    link: `http://127.0.0.1:9${book?.path}`,
  });
  await expect(callOperation(made, 'list_items', { run_id: idAt(-8) })).rejects.toThrow('gone');
  // A price lasts for at most 16 hours, and the next one may be the same by chance.
  const { changed } = await callOperation(made, 'compare_runs', { run_id, with_run_id: idAt(-7) });
  expect(changed).toBeGreaterThan(15);
});

it('a configuration without a history gets none', async () => {
  const { made } = await jobOf('stock');
  await expect(callOperation(made, 'get_item_history', { job_id: 'a', key: 'x' })).rejects.toThrow('history');
});
