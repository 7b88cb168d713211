import { existsSync, readFileSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkpointFile } from '../../../src/scrape/crawl/checkpoint-store.ts';
import { withRun } from './with-run.ts';

const { site, run, staged, path, traces } = withRun();
const LAST = 30;
const CONFIG =
  'url: "{site}/0"\nselectors: { name: h1 }\ncrawl: { not: /hidden, patience: 3 }\non_missing: fail\n';

/** A site with links in all directions, and a calendar. @param broken a page that cannot be reached */
function tree(broken?: number) {
  for (let n = 0; n <= LAST; n++) {
    const links = [2 * n + 1, 2 * n + 2, Math.floor(n / 2), LAST - n].filter((to) => to <= LAST);
    const more = `<a href="/hidden/${n % 7}">x</a><a href="/cal/${n}">x</a>`;
    const all = links.map((to) => `<a href="/${to}">x</a>`).join('') + more;
    site().on(`/${n}`, (_, response) =>
      n === broken
        ? response.destroy()
        : response.writeHead(200, { 'content-type': 'text/html' }).end(`<h1>${n}</h1>${all}`),
    );
    site().html(`/cal/${n}`, `<a href="/cal/${n + 1}">x</a>`);
  }
}

const resumeWith = (again: boolean, more: object = {}) => ({
  store: checkpointFile(path('checkpoint.json')),
  isAgain: again,
  everyPage: true,
  log: (level: string, message: string) => traces.lines.push(`${level} ${message}`),
  ...more,
});
const attempt = (again: boolean, more: object = {}) =>
  run(CONFIG, { retries: { retries: 0, baseMs: 1 }, resume: resumeWith(again, more) });
const paths = () => site().visits.flatMap((visit) => (visit.path === '/robots.txt' ? [] : visit.path));
const said = () => traces.lines.join('\n');

it('whichever page of a crawl fails, the next attempt goes on there and ends as one that was never interrupted', async () => {
  tree();
  const whole = await attempt(false);
  const [rows, order] = [staged(), paths()];
  expect(rows).toHaveLength(LAST + 1);
  expect(whole.warnings.join()).toContain('/cal/');
  expect(existsSync(path('crawl.db'))).toBe(false);
  for (const broken of [1, 7, 19, 29]) {
    site().visits.length = 0;
    tree(broken);
    await expect(attempt(false)).rejects.toMatchObject({ kind: 'network' });
    expect(existsSync(path('crawl.db'))).toBe(true);
    tree();
    expect(await attempt(true)).toMatchObject({ ...whole, bytes: expect.anything() });
    expect(staged()).toEqual(rows);
    expect(paths().toSorted()).toEqual([...order, `/${broken}`].toSorted());
    expect(existsSync(path('crawl.db'))).toBe(false);
  }
});

it('a checkpoint holds none of the addresses of a crawl', async () => {
  tree(29);
  await expect(attempt(false)).rejects.toMatchObject({ kind: 'network' });
  expect(JSON.parse(readFileSync(path('checkpoint.json'), 'utf8')).seen).toEqual([]);
});

it('an attempt on a machine without the addresses begins again, and says so', async () => {
  tree(19);
  await expect(attempt(false)).rejects.toMatchObject({ kind: 'network' });
  rmSync(path('crawl.db'));
  tree();
  await attempt(true);
  expect(staged()).toHaveLength(LAST + 1);
  expect(said()).toContain(
    'starting from the first page: the addresses of the earlier attempt are not on this machine',
  );
});

it('a crawl whose addresses hold a secret leaves nothing to continue from', async () => {
  tree(19);
  const redact = (text: string) => text.replaceAll('/17', '${SECRET}');
  await expect(attempt(false, { redact })).rejects.toMatchObject({ kind: 'network' });
  expect(existsSync(path('checkpoint.json'))).toBe(false);
  expect(existsSync(path('crawl.db'))).toBe(false);
});
