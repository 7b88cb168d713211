// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { codeBlocks } from '../../docs-pages.ts';
import { quickscrape, succeed } from '../../program.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { sendSignal } from '../../send-signal.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { waitFor } from '../../wait-for.ts';
import { Site } from '../site.ts';

const LAST = 3;

/** A shop for each city, of three pages. @param holds whether the page is not answered */
async function startShops(holds: (page: number) => boolean = () => false): Promise<Site> {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  for (const city of ['berlin', 'new%20york'])
    site.on(`/${city}`, (_, response, { searchParams }) => {
      const page = Number(searchParams.get('page') ?? 1);
      if (holds(page)) return;
      const next =
        page < LAST ? `<a class="next" href="?sort=${searchParams.get('sort')}&page=${page + 1}">` : '';
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<li class="product"><h2>${city} ${page}</h2><b class="price">${page}</b></li>${next}`);
    });
  return site;
}

it('one configuration of the guide serves several jobs, whose runs, comparisons and outputs are apart', async () => {
  const site = await startShops();
  const workspace = openTempWorkspace();
  const { home } = workspace.paths;
  const [guide = ''] = codeBlocks('docs/how-to/parameters.md', 'yaml');
  await workspace.configs.write('shop', guide.replace('https://shop.example/', site.url('/')));
  const create = (city: string, id: string) =>
    quickscrape(['job', 'create', '--config', 'shop', '--param', city, '--cron', '0 0 1 1 *', '--id', id], {
      home,
    });
  const json = async (...args: string[]) => JSON.parse((await succeed([...args, '--json'], { home })).stdout);

  expect(await create('citty=berlin', 'wrong')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean city?'),
  });
  expect(await create('city=berlin', 'shop-berlin')).toMatchObject({ code: 0 });
  expect(await create('city=new york', 'shop-york')).toMatchObject({ code: 0 });

  const first = (await json('job', 'run', 'shop-berlin')).run;
  expect(first).toMatchObject({
    status: 'succeeded',
    pages: LAST,
    params: { city: 'berlin', sort: 'new', pages: 5 },
    output_path: join(home, 'output/shops/berlin.csv'),
  });
  expect((await json('job', 'run', 'shop-york')).run).toMatchObject({
    status: 'succeeded',
    params: { city: 'new york' },
  });
  expect(readdirSync(join(home, 'output/shops')).sort()).toEqual(['berlin.csv', 'new york.csv']);

  const short = (await json('job', 'run', 'shop-berlin', '--param', 'pages=1')).run;
  expect(short).toMatchObject({
    status: 'succeeded',
    pages: 1,
    params: { pages: 1, city: 'berlin' },
    changes: null,
  });
  expect((await json('job', 'retry', short.run_id)).run).toMatchObject({
    params: { pages: 1 },
    changes: { with_run_id: short.run_id },
  });
  expect((await json('job', 'run', 'shop-berlin')).run.changes).toMatchObject({
    with_run_id: first.run_id,
    unchanged: LAST,
  });
  expect((await succeed(['job', 'show', 'shop-berlin'], { home })).stdout).toContain('city=berlin');

  site.visits.length = 0;
  const scraped = [
    'scrape',
    'shop',
    '--param',
    'city=berlin',
    '--param',
    'sort=cheap',
    '--param',
    'pages=1',
    '--sample',
    '1',
  ];
  expect((await json(...scraped)).sample).toEqual([{ name: 'berlin 1', price: 1 }]);
  expect(site.visitsOf('/berlin?sort=cheap')).toHaveLength(1);
  expect(await quickscrape(['scrape', 'shop'], { home })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('params.city: missing'),
  });
});

it('a job whose values no longer fit says so, and fetches nothing', async () => {
  const site = await startShops();
  const workspace = openTempWorkspace();
  const { home } = workspace.paths;
  const yaml = (name: string) =>
    `params: {${name}: {}}\nurl: "${site.url('/')}\${params.${name}}"\nselectors: {name: h2}\n`;
  await workspace.configs.write('shop', yaml('city'));
  const create = [
    'job',
    'create',
    '--config',
    'shop',
    '--param',
    'city=berlin',
    '--cron',
    '0 0 1 1 *',
    '--id',
    'shop',
  ];
  await succeed(create, { home });
  writeFileSync(join(home, 'configs/shop.yaml'), yaml('town'));

  const problem = 'params.city: unknown field';
  expect((await succeed(['job', 'show', 'shop'], { home })).stdout).toContain(problem);
  expect((await quickscrape(['doctor'], { home })).stdout).toContain(problem);
  expect((await quickscrape(['job', 'run', 'shop'], { home })).stderr).toContain(problem);
  expect(await quickscrape(['job', 'update', 'shop', '--timeout', '60'], { home })).toMatchObject({
    code: 0,
  });
  expect(site.visits).toEqual([]);
  await succeed(['job', 'update', 'shop', '--param', 'none'], { home }).catch(() => {});
  expect(await quickscrape(['job', 'update', 'shop', '--param', 'town=berlin'], { home })).toMatchObject({
    code: 2,
  });
  await workspace.jobs.update('shop', { params: { town: 'berlin' } }, { by: 'library' });
  expect(await quickscrape(['job', 'run', 'shop'], { home })).toMatchObject({ code: 0 });
});

it('a run whose process is killed goes on with its own values, also when its job was given others', async () => {
  let held = true;
  const site = await startShops((page) => page === LAST && held);
  const { workspace, runThat, startScheduler } = await scheduledHome(
    `params: {city: {}, sort: {default: new}}
url: "${site.url('/')}\${params.city}?sort=\${params.sort}"
item: li
selectors: {name: h2}
pagination: {type: next_button, selector: a.next}
delays: {type: fixed, value: 0.3}
output: {path: "{params.city}.jsonl"}
`,
    {
      schedule: { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' },
      params: { city: 'berlin' },
      max_retries: 1,
      retry_delay: 0,
    },
  );
  await startScheduler();
  const { runId, process } = await runThat(['running']);
  await workspace.jobs.update('watched', { enabled: false, params: { city: 'new york' } }, { by: 'library' });
  await waitFor(
    'the last page to be asked for',
    () => site.visitsOf(`/berlin?sort=new&page=${LAST}`).length > 0,
  );
  sendSignal(process, 'SIGKILL');
  held = false;
  const ended = await runThat(['succeeded'], runId);
  expect(ended).toMatchObject({ attempt: 2, items: LAST, params: { city: 'berlin', sort: 'new' } });
  expect(ended.outputPath).toBe(join(workspace.paths.output, 'berlin.jsonl'));
  expect(readFileSync(ended.outputPath ?? '', 'utf8')).not.toContain('york');
  expect(readFileSync(runFiles(workspace.paths, 'watched', runId).log, 'utf8')).toContain(
    'of an earlier attempt',
  );
  expect(site.visitsOf('/new%20york')).toEqual([]);
});
