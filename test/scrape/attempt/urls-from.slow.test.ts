import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { succeed } from '../../program.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { sendSignal } from '../../send-signal.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { waitFor } from '../../wait-for.ts';
import { Site } from '../site.ts';

async function startSite(): Promise<Site> {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  return site;
}

it('after kill -9 the next attempt goes on in the list, and fetches no page twice', async () => {
  const site = await startSite();
  const last = 8;
  let holds = true;
  for (let n = 1; n <= last; n++)
    site.on(`/p/${n}`, (_, response) => {
      if (n === 4 && holds) return;
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<h1>${n}</h1>`);
    });
  const home = tempFolder();
  const { workspace, runThat, startScheduler, disableJob } = await scheduledHome(
    'urls_from: ids.csv\nselectors: {title: h1}\ndelays: {type: fixed, value: 0.3}\n',
    {
      schedule: { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' },
      max_retries: 1,
      retry_delay: 0,
    },
    home,
  );
  const lines = Array.from({ length: last }, (_, n) => site.url(`/p/${n + 1}`));
  writeFileSync(join(workspace.paths.configs, 'ids.csv'), `url\n${lines.join('\n')}\n`);
  await startScheduler();
  const { runId, process } = await runThat(['running']);
  await disableJob();
  await waitFor('the fourth page to be asked for', () => site.visitsOf('/p/4').length > 0);
  const files = runFiles(workspace.paths, 'watched', runId);
  // On a slow disk a page that was quick is not noted.
  const { tally, seen } = JSON.parse(readFileSync(files.checkpoint, 'utf8'));
  expect(seen).toEqual([]);
  sendSignal(process, 'SIGKILL');
  holds = false;
  const over = await runThat(['succeeded'], runId);
  expect(over).toMatchObject({ attempt: 2, pages: last, items: last, totalPages: last });
  const asked = lines.map((_, n) => site.visitsOf(`/p/${n + 1}`).length);
  expect(tally.pages).toBeGreaterThan(0);
  expect(asked).toEqual(lines.map((_, n) => (n >= tally.pages && n < 4 ? 2 : 1)));
  const titles = readFileSync(over.outputPath ?? '', 'utf8')
    .split('\n')
    .slice(1, -1);
  expect(titles).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  expect(readFileSync(files.log, 'utf8')).toContain(
    `continuing after page ${tally.pages} of an earlier attempt`,
  );
});

it('a job fetches what is new in the rows of another one', async () => {
  const site = await startSite();
  const workspace = openTempWorkspace();
  const { home } = workspace.paths;
  const json = async (...args: string[]) => JSON.parse((await succeed([...args, '--json'], { home })).stdout);
  const list = (...links: readonly string[]) =>
    site.html('/list', links.map((link) => `<li><a href="${link}">x</a></li>`).join(''));
  const page = (n: number) => site.html(`/p/${n}`, `<h1>${n}</h1>`);
  await workspace.configs.write(
    'listing',
    `url: "${site.url('/list')}"\nitem: li\nselectors: {link: {selector: a, attribute: href}}\n`,
  );
  await workspace.configs.write(
    'pages',
    `urls_from: {job: listing, field: link, only: new, hosts: ["${site.url('')}"]}\nselectors: {title: h1}\noutput: {path: pages.csv, append: true}\n`,
  );
  for (const id of ['listing', 'pages'])
    await workspace.jobs.create(
      {
        id,
        fields: {
          config_name: id,
          schedule: { type: 'custom', cron_expression: '0 0 1 1 *', timezone: 'UTC' },
        },
      },
      'library',
    );
  const run = async (id: string) => (await json('job', 'run', id)).run;
  const written = () =>
    readFileSync(join(workspace.paths.output, 'pages.csv'), 'utf8').split('\n').slice(1, -1);

  await expect(run('pages')).rejects.toThrow('ended with');
  expect(workspace.runs.latest('pages')?.error?.message).toContain('job listing has no succeeded run');

  list('/p/1', '/p/2', 'http://127.0.0.1:1/admin');
  for (const n of [1, 2]) page(n);
  await run('listing');
  expect(await run('pages')).toMatchObject({ status: 'succeeded', items: 2 });
  expect(await run('pages')).toMatchObject({ status: 'succeeded', items: 0, output_path: null });
  expect(written()).toEqual(['1', '2']);

  list('/p/1', '/p/2', '/p/3', '/p/4');
  page(3);
  await run('listing');
  expect(await run('pages')).toMatchObject({ status: 'succeeded', items: 1 });
  expect(written()).toEqual(['1', '2', '3']);
  // What was missing is not tried for ever.
  expect(await run('pages')).toMatchObject({ items: 0 });
  expect(['/p/1', '/p/4'].map((path) => site.visitsOf(path).length)).toEqual([1, 1]);
});
