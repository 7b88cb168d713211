import { hash } from 'node:crypto';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SqlValue } from '../../../src/core/database/connection.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { DAILY, openHome } from '../../core/operations/open-home.ts';
import { Site } from '../site.ts';

interface Place {
  page: number;
  pages: number;
  path: string;
}

/** A shop as its pages look: what a card, the way on and a whole page are. */
export interface Shop {
  goods: number;
  size: number;
  card(n: number, page: number): string;
  pager(at: Place): string;
  page(parts: { cards: string; pager: string; page: number; at: Place }): string;
  detail(n: number): string;
}

export const link = ({ page, path }: Place, to = page + 1) => `${path}?page=${to}`;

export const SHOP: Shop = {
  goods: 200,
  size: 20,
  card: (n) =>
    `<li class="card"><h3>Thing ${n}</h3><a href="/thing/${n}">see</a><b class="price">£${n}.00</b></li>`,
  pager: (at) => (at.page < at.pages ? `<ul><li class="next"><a href="${link(at)}">Next</a></li></ul>` : ''),
  page: ({ cards, pager }) => `<nav><a href="/">Home</a></nav><ol>${cards}</ol>${pager}`,
  detail: (n) =>
    `<h1>Thing ${n}</h1><p class="isbn">${n}</p><p class="by">Somebody</p><p class="stock">9</p>`,
};

/** Shows a shop below a path; pages beyond its end are without goods, or those of the last one. */
export function show(
  site: Site,
  shop: Shop,
  path = '/list',
  beyond: 'empty' | 'missing' | 'last' = 'empty',
): void {
  site.on(path, (request, response, url) => {
    const asked = Number(url.searchParams.get('page') ?? 1);
    const pages = Math.max(1, Math.ceil(shop.goods / shop.size));
    const page = beyond === 'last' ? Math.min(asked, pages) : asked;
    if (page > pages && beyond === 'missing') return void response.writeHead(404).end();
    const first = (page - 1) * shop.size + 1;
    const last = Math.min(shop.goods, page * shop.size);
    let cards = '';
    for (let n = first; n <= last; n += 1) cards += shop.card(n, page);
    const at = { page, pages, path };
    const body = shop.page({ cards, pager: shop.pager(at), page, at });
    const etag = `"${hash('sha256', body)}"`;
    // What has not changed is not sent again.
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', etag }).end(body);
  });
  for (let n = 1; n <= shop.goods; n += 1) site.html(`/thing/${n}`, shop.detail(n));
}

/** A job on a site of the test's own, whose output file can be looked at. */
export async function shopJob(
  yaml: string,
  prepare: (site: Site) => void,
  job: Record<string, unknown> = {},
) {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  const home = await openHome();
  const { workspace, call } = home;
  const write = (text: string) => workspace.configs.write('shop', text.replaceAll('{site}', site.url('')));
  await write(`${yaml}\ndelays: { type: fixed, value: 0 }\n`);
  await call('create_job', {
    ...{ job_id: 'shop', config_name: 'shop', schedule: DAILY, output_path: 'shop.csv', max_retries: 0 },
    ...job,
  });
  const file = join(workspace.paths.output, 'shop.csv');
  const run = async () => {
    const { run_id } = (await call('run_job', { job_id: 'shop', wait_seconds: 50 })).run;
    return call('get_run', { run_id, log_lines: 60 });
  };
  return {
    ...{ ...home, site, run },
    configure: (text: string) => write(`${text}\ndelays: { type: fixed, value: 0 }\n`),
    file: () => (existsSync(file) ? readFileSync(file, 'utf8') : ''),
    /** Three runs that make a history: one, and that one again as those before it. */
    async goodRuns() {
      prepare(site);
      const { run: good } = await run();
      if (good.status !== 'succeeded') throw new Error(`no good run: ${JSON.stringify(good.error)}`);
      const { _metadata, ...row } = workspace.db.all<Record<string, SqlValue>>(
        'SELECT * FROM runs WHERE run_id = ?',
        [good.run_id],
      )[0] as Record<string, SqlValue> & { _metadata: unknown };
      for (const n of [1, 2]) {
        const earlier = { ...row, run_id: `earlier${n}`, queued_at: Number(row['queued_at']) - n };
        const names = Object.keys(earlier);
        workspace.db.run(
          `INSERT INTO runs (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
          Object.values(earlier),
        );
        const from = runFiles(workspace.paths, 'shop', good.run_id).folder;
        cpSync(from, runFiles(workspace.paths, 'shop', `earlier${n}`).folder, { recursive: true });
      }
    },
    /** Takes a run out of the history again. */
    forget(runId: string) {
      workspace.db.run('DELETE FROM runs WHERE run_id = ?', [runId]);
    },
  };
}

export type ShopJob = Awaited<ReturnType<typeof shopJob>>;
