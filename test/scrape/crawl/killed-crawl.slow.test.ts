import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { sendSignal } from '../../send-signal.ts';
import { waitFor } from '../../wait-for.ts';
import { withRun } from './with-run.ts';

const { site } = withRun();
const LAST = 60;

it('a crawl whose process is killed goes on in the next attempt, and fetches no completed page again', async () => {
  let held = true;
  for (let n = 0; n <= LAST; n++)
    site().on(`/${n}`, (_, response) => {
      if (n === 40 && held) return;
      const links = [2 * n + 1, 2 * n + 2, LAST - n]
        .filter((to) => to <= LAST)
        .map((to) => `<a href="/${to}?utm_source=x">x</a>`);
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<h1>${n}</h1>${links.join('')}`);
    });
  const { workspace, runThat, startScheduler, disableJob } = await scheduledHome(
    `url: "${site().url('/0')}"\nselectors: { name: h1 }\ncrawl: { max_pages: ${LAST + 1} }\ndelays: { type: fixed, value: 0.05 }\n`,
    {
      schedule: { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' },
      max_retries: 1,
      retry_delay: 0,
    },
  );
  await startScheduler();
  const { runId, process } = await runThat(['running']);
  await disableJob();
  const files = runFiles(workspace.paths, 'watched', runId);
  await waitFor('page 40 to be asked for', () => site().visits.some(({ path }) => path.startsWith('/40')));
  const done: number = JSON.parse(readFileSync(files.checkpoint, 'utf8')).tally.pages;
  expect(existsSync(join(files.folder, 'crawl.db'))).toBe(true);
  const before = site().visits.map(({ path }) => path);
  sendSignal(process, 'SIGKILL');
  held = false;
  const over = await runThat(['succeeded'], runId);
  expect(over).toMatchObject({ attempt: 2, pages: LAST + 1, items: LAST + 1 });
  const rows = readFileSync(over.outputPath ?? '', 'utf8')
    .split('\n')
    .slice(1, -1);
  expect(new Set(rows).size).toBe(LAST + 1);
  expect(readFileSync(files.log, 'utf8')).toContain(`continuing after page ${done} of an earlier attempt`);
  const after = site()
    .visits.slice(before.length)
    .map(({ path }) => path);
  const completed = before.filter((path) => path !== '/robots.txt').slice(0, done);
  expect(after.filter((path) => completed.includes(path))).toEqual([]);
  expect(existsSync(join(files.folder, 'crawl.db'))).toBe(false);
});
