import { rmSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { runFiles } from '../../src/core/runs/run-files.ts';
import { openHome } from '../core/operations/open-home.ts';
import { it } from '../extend.ts';
import { Site } from '../scrape/site.ts';
import { openDashboardIn } from './terminal.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' } as const;
const TITLES = ['Dune', 'Emma', 'Ulysses', 'Sapiens'];
const list = (name: string) =>
  `<title>Books</title>${TITLES.map((title, n) => `<article><h3>${title}</h3><p class="${name}">£${20 + n}.99</p></article>`).join('')}`;
const data = (name: string) =>
  JSON.stringify({ results: TITLES.map((title, n) => ({ title, offer: { [name]: 20.5 + n } })) });

/** What the first words of the footer name: the key to press next. */
function firstKey(screen: string): string {
  return screen.trimEnd().split('\n').at(-1)?.trim().split(/ {2,}/)[0] ?? '';
}

const HTML = {
  ...{ what: 'a page of elements, of which none was kept', isKept: false, type: 'text/html', page: list },
  selectors: `item: article\nselectors: { title: h3, price: .price }\n`,
  proposed: /price +\.price 0\/4 +→ \.amount 4\/4 "£20\.99"/s,
  saved: 'price: .amount',
};
const JSON_DATA = {
  ...{ what: 'JSON, on its kept page', isKept: true, type: 'application/json', page: data },
  selectors: `item: 'json:$.results[*]'\nselectors: { title: 'json:$.title', price: 'json:$.offer.price' }\n`,
  proposed: /price +json:\$\.offer\.price 0\/4 +→ json:\$\.offer\.amount 4\/4 20\.5/s,
  saved: 'json:$.offer.amount',
};

it.for([HTML, JSON_DATA])(
  'a broken selector of $what is repaired by the keys that the screen names',
  async ({ isKept, type, page, selectors, proposed, saved }) => {
    const site = await Site.start();
    onTestFinished(() => site.stop());
    const show = (name: string) =>
      site.on('/books', (_, response) => response.writeHead(200, { 'content-type': type }).end(page(name)));
    const { workspace, call } = await openHome();
    await workspace.configs.write(
      'books',
      `url: "${site.url('/books')}"\n${selectors}expect: { required_fields: [price] }\n`,
    );
    await call('create_job', { job_id: 'books', config_name: 'books', schedule: DAILY });
    const run = async () => (await call('run_job', { job_id: 'books', wait_seconds: 45 })).run;
    show('price');
    expect(await run()).toMatchObject({ status: 'succeeded' });
    show('amount');
    const failed = await run();
    expect(failed).toMatchObject({ status: 'failed' });
    if (!isKept) rmSync(runFiles(workspace.paths, 'books', failed.run_id).pages, { recursive: true });

    const terminal = openDashboardIn(workspace.paths.home, { columns: 80, rows: 24 });
    await terminal.waitFor((screen) => screen.includes('R repair'));
    terminal.send('R');
    const visits = () => site.visitsOf('/books').length;
    const before = visits();
    if (!isKept) {
      const none = await terminal.waitFor('f fetches http://127.0.0.1');
      expect(none).toContain('kept no page');
      expect(firstKey(none)).toBe('f live page');
      expect(visits()).toBe(before);
      terminal.send('f');
    }
    const found = await terminal.waitFor('Enter takes it');
    expect(found.replaceAll(/\s+/g, ' ')).toMatch(proposed);
    expect(firstKey(found)).toBe('Enter take it');
    terminal.send('\r');
    const tried = await terminal.waitFor(/4 items.*, 4 before/);
    expect(tried).toMatch(/price +0 +4 +none → "?£?20\.[59]/);
    expect(visits()).toBe(before + (isKept ? 0 : 1));
    await terminal.waitFor((screen) => firstKey(screen) === 'Ctrl-S save');
    terminal.send('\u0013');
    await terminal.waitFor((screen) => firstKey(screen) === 'r run again');
    expect(workspace.configs.read('books').yaml).toContain(saved);
    terminal.send('r');
    await terminal.waitFor(/ok, 4 items from/);
    terminal.send('q');
    expect((await terminal.exited).exitCode).toBe(0);
  },
);
