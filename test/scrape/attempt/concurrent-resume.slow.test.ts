import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { sendSignal } from '../../send-signal.ts';
import { waitFor } from '../../wait-for.ts';
import { Site } from '../site.ts';

const PAGES = 12;
const ROWS = 10;
/** The page of one of these books is not answered at first. */
const HELD = '/book/8-5';

it('a run of eight requests at a time whose process is killed goes on: no row twice, none missing', async () => {
  let held = true;
  const site = await Site.start();
  onTestFinished(() => site.stop());
  const expected: { title: string; isbn: string }[] = [];
  const urls = Array.from({ length: PAGES }, (_, page) => site.url(`/list/${page}`));
  for (let page = 0; page < PAGES; page++) {
    const names = Array.from({ length: ROWS }, (_, row) => `${page}-${row}`);
    site.html(`/list/${page}`, names.map((name) => `<li><a href="/book/${name}">${name}</a></li>`).join(''));
    for (const name of names) {
      expected.push({ title: name, isbn: `i${name}` });
      site.on(`/book/${name}`, (_, response) => {
        if (held && `/book/${name}` === HELD) return;
        response.writeHead(200, { 'content-type': 'text/html' }).end(`<p class="isbn">i${name}</p>`);
      });
    }
  }
  const { workspace, runThat, startScheduler } = await scheduledHome(
    `urls: [${urls.map((url) => `"${url}"`).join(', ')}]
item: li
selectors: { title: a }
follow: { selector: a, selectors: { isbn: .isbn } }
concurrency: 8
delays: { type: fixed, value: 0 }
output: { path: books.jsonl }
`,
    {
      schedule: { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' },
      max_retries: 1,
      retry_delay: 0,
    },
  );
  await startScheduler();
  const { runId, process } = await runThat(['running']);
  await workspace.jobs.update('watched', { enabled: false }, { by: 'library' });
  await waitFor('the held page to be asked for', () => site.visitsOf(HELD).length > 0);
  sendSignal(process, 'SIGKILL');
  held = false;
  const ended = await runThat(['succeeded'], runId);
  expect(ended).toMatchObject({ attempt: 2, items: PAGES * ROWS });
  const rows = readFileSync(ended.outputPath ?? '', 'utf8')
    .trim()
    .split('\n');
  expect(rows.map((row) => JSON.parse(row))).toEqual(expected);
  expect(readFileSync(runFiles(workspace.paths, 'watched', runId).log, 'utf8')).toContain(
    'of an earlier attempt',
  );
});
