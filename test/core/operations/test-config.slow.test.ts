import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished } from 'vitest';
import type { ConfigAccess } from '../../../src/core/configs/config-access.ts';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { bookshopConfig } from '../../../src/sandbox/config.ts';
import { openQuotes, quoteRows, quotesConfig } from '../../fixtures/quotes/open-quotes.ts';
import { openChangingShop } from '../../sandbox/changing-shop.ts';
import { openShop } from '../../sandbox/open-shop.ts';
import { noBrowserHere } from '../../scrape/browser/browser-site.ts';
import { DAILY, it, openHome, refusal } from './open-home.ts';

/** Answers each request as `page` says, with the request's headers; counts them. */
async function siteThat(page: (url: string, headers: Record<string, unknown>) => string | number) {
  let hits = 0;
  const server = createServer((request, response) => {
    if (request.url === '/robots.txt') return void response.writeHead(404).end();
    hits += 1;
    const body = page(request.url ?? '', request.headers);
    if (typeof body === 'number') return void response.writeHead(body).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, hits: () => hits };
}

describe('trying a configuration on its site', () => {
  it('shows a person what a run of a client’s text would see, marked as such, and all of their own text', async () => {
    const { url } = await siteThat((_, headers) => `<p>${headers['x-key']}</p>`);
    const { call, workspace } = await openHome();
    writeFileSync(workspace.paths.secrets, 'KEY=S3cr3tK3y-4711\n', { mode: 0o600 });
    const yaml = `url: "${url}"\nselectors: {first: "xpath:substring(//p, 1, 4)"}\nheaders: {X-Key: "\${KEY}"}\n`;
    await call('save_config', { config_name: 'own', yaml }, { reviewConfig: () => {} });
    const clients = await call('test_config', { config_name: 'own' });
    expect(clients).toMatchObject({ sample: [{ first: '${KE' }], error: null });
    expect(clients.warnings).toEqual([expect.stringContaining('rows say ${KEY}')]);
    const noted = await call('test_config', { config_name: 'own', yaml: `${yaml}# mine\n` });
    expect(noted).toMatchObject({ sample: [{ first: '${KE' }] });
    const edited = await call('test_config', { config_name: 'own', yaml: `${yaml}name: mine\n` });
    expect(edited).toMatchObject({ sample: [{ first: 'S3cr' }], warnings: [] });
  });

  it('warns of what keeps a text only from being saved, as a run of a stored one does', async ({ call }) => {
    const proxy = await siteThat(() => '<h1>Wiki</h1>');
    const yaml = `url: "http://wiki/"\nselectors: {title: h1}\nproxy: "${proxy.url}"\nrespect_robots: false\n`;
    expect(await call('test_config', { yaml })).toMatchObject({
      sample: [{ title: 'Wiki' }],
      warnings: [expect.stringContaining('the host "wiki" has no dot')],
      error: null,
    });
  });

  it('shows the first rows of the first page, and what each selector matched', async ({
    workspace,
    call,
  }) => {
    const shop = await openShop();
    const yaml = bookshopConfig(shop.url);
    const answer = await call('test_config', { yaml, sample_items: 2 });
    expect(answer).toMatchObject({
      config_name: null,
      source: 'live',
      pages: 1,
      items: 20,
      warnings: [],
      error: null,
      sample: [{ title: expect.any(String), price: expect.stringMatching(/^£/) }, {}],
    });
    expect(answer.sample).toHaveLength(2);
    expect(answer.matches).toContainEqual({
      ...{ part: 'field', field: 'price', selector: '.product_price .price_color' },
      ...{ matched: 20, pages: 1 },
    });
    // What finds rows and pages counts as what finds values does.
    expect(answer.matches.slice(0, 2)).toEqual([
      { part: 'item', field: 'item', selector: 'article.product_pod', matched: 20, pages: 1 },
      {
        ...{ part: 'pagination', field: 'pagination.selector', selector: 'ul.pager li.next a' },
        ...{ matched: 1, pages: 1 },
      },
    ]);
    // A trial leaves nothing behind.
    expect(readdirSync(workspace.paths.runs)).toEqual([]);
    expect(readdirSync(workspace.paths.output)).toEqual([]);
    expect(workspace.runs.list({ limit: 10 }).runs).toEqual([]);
  });

  it.skipIf(noBrowserHere !== undefined)(
    'shows pages that scripts make in a browser, page by page',
    async () => {
      const { url } = await openQuotes();
      const { call } = await openHome();
      const more = 'backend: browser\npagination: {type: next_button, selector: "li.next a"}\n';
      const yaml = quotesConfig(`${url}js/`, more);
      const answer = await call('test_config', { yaml, max_pages: 2, sample_items: 20 });
      expect(answer).toMatchObject({ source: 'live', pages: 2, items: 20, warnings: [], error: null });
      expect(answer.sample).toEqual(quoteRows().slice(0, 20));
      expect(answer.matches).toContainEqual({
        ...{ part: 'field', field: 'text', selector: '.text', matched: 20, pages: 2, by_page: [10, 10] },
      });
    },
  );

  it('of the home follows its pages as far as asked, and shows no row when none is wanted', async ({
    workspace,
    call,
  }) => {
    const shop = await openShop();
    await workspace.configs.write('shop', bookshopConfig(shop.url));
    const answer = await call('test_config', { config_name: 'shop', max_pages: 3, sample_items: 0 });
    expect(answer).toMatchObject({ config_name: 'shop', pages: 3, items: 60, sample: [] });
    const renamed = await call('test_config', { config_name: 'other', yaml: bookshopConfig(shop.url) });
    expect(renamed).toMatchObject({ config_name: 'other', items: 20 });
  });

  it('says what each selector matched on which page, also on detail pages', async ({ call }) => {
    const row = (n: number) => `<li><b>${n}</b><a href="/d${n}">more</a></li>`;
    const { url } = await siteThat((path) => {
      if (path.startsWith('/d')) return path === '/d1' ? '<i class="by">A</i>' : '<p>nobody</p>';
      return path === '/' ? `${row(1)}${row(2)}<a class="next" href="/2">next</a>` : row(3);
    });
    const yaml = `url: "${url}"
item: li
selectors: { n: b, gone: .x }
pagination: { type: next_button, selector: a.next }
follow: { selector: a, selectors: { by: .by } }
`;
    const answer = await call('test_config', { yaml, max_pages: 2 });
    expect(answer.page_list?.map(({ role, items }) => [role, items])).toEqual([
      ['rows', 2],
      ['detail', 1],
      ['detail', 1],
      ['rows', 1],
      ['detail', 1],
    ]);
    const byPage = Object.fromEntries(answer.matches.map(({ field, by_page }) => [field, by_page]));
    expect(byPage).toEqual({
      item: [2, 1],
      'pagination.selector': [1, 0],
      n: [2, 1],
      gone: [0, 0],
      'follow.selector': [2, 1],
      by: [1, 0, 0],
    });
  });

  it('reports each page as it comes, and ends at once when it is cancelled', async ({ call }) => {
    const { url, hits } = await siteThat((path) => {
      const next = Number(path.slice(1)) + 1;
      return `<b>${path}</b><a class="next" href="/${next}">next</a>`;
    });
    const yaml = `url: "${url}"\nselectors: { n: b }\npagination: { type: next_button, selector: a.next }\n`;
    const seen: unknown[] = [];
    const onProgress = (progress: object) => void seen.push(progress);
    await call('test_config', { yaml, max_pages: 3 }, { onProgress });
    expect(seen).toMatchObject([1, 2, 3].map((pages) => ({ pages, progress: null })));
    const { signal, abort } = (() => {
      const controller = new AbortController();
      return { signal: controller.signal, abort: () => controller.abort() };
    })();
    const cancelled = call('test_config', { yaml, max_pages: 20 }, { signal, onProgress: abort });
    expect(await refusal(cancelled)).toMatchObject({ message: expect.stringContaining('cancelled') });
    expect(hits()).toBeLessThan(3 + 20);
  });

  it('whose selectors find nothing is an answer that says which', async ({ call }) => {
    const site = await siteThat(() => '<ul><li class="row"><b>a</b></li><li class="row"><b>b</b></li></ul>');
    const wrong = `url: "${site.url}"\nitem: li.row\nselectors:\n  name: .name\n  price: .price\n`;
    expect(await call('test_config', { yaml: wrong })).toMatchObject({
      pages: 1,
      items: 0,
      sample: [],
      matches: [
        { part: 'item', field: 'item', matched: 2 },
        { part: 'field', field: 'name', selector: '.name', matched: 0 },
        { part: 'field', field: 'price', selector: '.price', matched: 0 },
      ],
      warnings: [`item "li.row" matches 2 times on ${site.url}, and no field matches within`],
      error: { kind: 'no_items', message: expect.stringContaining(site.url), hint: expect.any(String) },
    });
    const fine = await call('test_config', { yaml: `${wrong}expect: { allow_empty: true }\n` });
    expect(fine).toMatchObject({ items: 0, error: null });
  });

  it('reports a page that cannot be fetched as a result, with what was found before', async ({ call }) => {
    expect((await call('test_config', { config_name: 'books' })).error).toMatchObject({ kind: 'network' });
    const site = await siteThat((url) => (url === '/' ? '<b>1</b><a href="/2">next</a>' : 403));
    const yaml = `url: "${site.url}"\nselectors: { n: b }\npagination: { type: next_button, selector: a }\n`;
    expect(await call('test_config', { yaml, max_pages: 2 })).toMatchObject({
      pages: 1,
      items: 1,
      sample: [{ n: '1' }],
      error: { kind: 'http', message: expect.stringContaining('(after 1 page, 1 item)') },
    });
    const inward = await siteThat(() => '<b>1</b><a href="http://localhost:1/">next</a>');
    const stray = await call('test_config', { yaml: yaml.replace(site.url, inward.url), max_pages: 2 });
    expect(stray).toMatchObject({ pages: 1, error: { kind: 'blocked_address' } });
  });

  it('cuts long values and marks them as cut', async ({ call }) => {
    const site = await siteThat(() => `<p>${'x'.repeat(5_000)}</p>${'<i>y</i>'.repeat(200)}`);
    const yaml = `url: "${site.url}"\nselectors:\n  text: p\n  all: { selector: i, multiple: true }\n`;
    const { sample, warnings } = await call('test_config', { yaml });
    expect(sample).toEqual([{ text: `${'x'.repeat(1_000)}…`, all: Array(50).fill('y') }]);
    expect(warnings).toContainEqual(expect.stringContaining('1000 characters'));
  });

  it('never shows what a variable holds, also when the site sends it back', async ({ call }) => {
    const site = await siteThat(
      (_, headers) => `<b>${headers['x-token']}</b><i>${headers['user-agent']}</i>`,
    );
    const yaml = `url: "${site.url}?key=\${TEST_CONFIG_TOKEN}"
selectors: { token: b, agent: i, none: ".\${TEST_CONFIG_TOKEN}" }
headers: { X-Token: "\${TEST_CONFIG_TOKEN}" }
`;
    const unset = await refusal(call('test_config', { yaml }));
    expect(unset).toMatchObject({
      code: 'invalid_config',
      field: 'yaml',
      issues: [{ path: 'url' }, { path: 'selectors.none' }, { path: 'headers.X-Token' }],
    });
    process.env['TEST_CONFIG_TOKEN'] = 'tok-4711-secret';
    onTestFinished(() => {
      delete process.env['TEST_CONFIG_TOKEN'];
    });
    const answer = await call('test_config', { yaml });
    expect(answer.sample).toMatchObject([{ token: '${TEST_CONFIG_TOKEN}' }]);
    expect(JSON.stringify(answer)).not.toContain('4711');
    const failing = yaml.replace(/:\d+/, ':9');
    expect(JSON.stringify(await call('test_config', { yaml: failing }))).not.toContain('4711');
  });

  it('keeps to the home’s settings', async ({ workspace, call }) => {
    const agents: unknown[] = [];
    const site = await siteThat((_, headers) => {
      agents.push(headers['user-agent']);
      return '<b>x</b>';
    });
    await workspace.settings.set('user_agent', 'our-own/1.0');
    await call('test_config', { yaml: `url: "${site.url}"\nselectors: { n: b }\n` });
    expect(agents).toEqual(['our-own/1.0']);
  });
});

describe('trying a configuration on the page that a run kept', () => {
  /** A shop whose items have got another class, and the run that found none. */
  async function failedRun() {
    const shop = await openChangingShop();
    const home = await openHome();
    const yaml = bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 1');
    await home.workspace.configs.write('shop', yaml);
    await home.call('create_job', { job_id: 'shop', config_name: 'shop', schedule: DAILY });
    await shop.change((html) => html.replaceAll('product_pod', 'card'));
    const { run } = await home.call('run_job', { job_id: 'shop', wait_seconds: 30 });
    expect(run.error?.kind).toBe('no_items');
    await shop.change(() => '<p>Closed</p>');
    return { ...home, yaml, runId: run.run_id };
  }

  it('is fixed without a request to the site, as a model would do it', async () => {
    const { call, yaml, runId } = await failedRun();
    const before = await call('test_config', { config_name: 'shop', run_id: runId });
    expect(before).toMatchObject({ source: 'kept page', pages: 1, items: 0, error: { kind: 'no_items' } });
    // Where pages come from does not count, nor what is sent to get them.
    const mended = `${yaml.replaceAll('product_pod', 'card')}headers: { Cookie: "\${NOT_SET_ANYWHERE}" }\n`;
    const after = await call('test_config', { yaml: mended, run_id: runId, sample_items: 1 });
    expect(after).toMatchObject({ source: 'kept page', pages: 1, items: 20, warnings: [], error: null });
    expect(after.sample).toMatchObject([{ title: expect.any(String) }]);
  });

  it('fills in no variable, and lets the caller review what would be saved only', async () => {
    const { call, runId } = await failedRun();
    process.env['TEST_CONFIG_CLASS'] = 'card';
    onTestFinished(() => {
      delete process.env['TEST_CONFIG_CLASS'];
    });
    const yaml = 'url: "http://10.0.0.1/"\nselectors: { a: "h3 a" }\noutput: { path: "/srv/x.csv" }\n';
    const seen: ConfigAccess[] = [];
    const reviewConfig = (facts: ConfigAccess) => seen.push(facts);
    await call('test_config', { yaml, run_id: runId }, { reviewConfig });
    expect(seen).toMatchObject([{ privateHosts: [], outputPath: null, variables: [] }]);
    const filled = yaml.replace('h3 a', '.${TEST_CONFIG_CLASS}');
    expect(await refusal(call('test_config', { yaml: filled, run_id: runId }))).toMatchObject({
      code: 'invalid_config',
      issues: [{ path: 'selectors.a', message: expect.stringContaining('not filled in') }],
    });
  });

  it('is refused in words when there is no such run, or it kept none', async ({ workspace, call }) => {
    const site = await siteThat(() => '<b>x</b>');
    expect(await refusal(call('test_config', { config_name: 'books', run_id: 'none' }))).toMatchObject({
      code: 'run_not_found',
    });
    await workspace.configs.write('fine', `url: "${site.url}"\nselectors: { n: b }\n`);
    await call('create_job', { job_id: 'fine', config_name: 'fine', schedule: DAILY });
    const { run } = await call('run_job', { job_id: 'fine', wait_seconds: 30 });
    // The next good run keeps the page instead.
    const next = await call('run_job', { job_id: 'fine', wait_seconds: 30 });
    const error = await refusal(call('test_config', { config_name: 'fine', run_id: run.run_id }));
    expect(error).toMatchObject({
      code: 'invalid_params',
      field: 'run_id',
      hint: expect.stringContaining(`one is ${next.run.run_id}`),
    });
  });
});

describe('a trial that must not be', () => {
  it('says what is missing, unknown or wrong', async ({ call }) => {
    expect(await refusal(call('test_config', {}))).toMatchObject({
      code: 'invalid_params',
      field: 'config_name',
    });
    expect(await refusal(call('test_config', { config_name: 'boks' }))).toMatchObject({
      code: 'config_not_found',
      hint: 'Did you mean books?',
    });
    const yaml = 'url: "http://a.b/"\nselectors: {}\n';
    expect(await refusal(call('test_config', { yaml }))).toMatchObject({
      code: 'invalid_config',
      field: 'yaml',
      message: expect.stringContaining('yaml:2:12: selectors: has no fields'),
      issues: [{ line: 2, column: 12 }],
    });
    for (const limits of [{ max_pages: 21 }, { max_pages: 0 }, { sample_items: 51 }])
      expect(await refusal(call('test_config', { config_name: 'books', ...limits }))).toMatchObject({
        code: 'invalid_params',
      });
  });

  it('is refused by the caller’s review before anything is fetched', async ({ call }) => {
    const site = await siteThat(() => '<b>x</b>');
    const reviewConfig = ({ privateHosts }: ConfigAccess) => {
      throw new QuickscrapeError('not_allowed', `no ${privateHosts}`);
    };
    const yaml = `url: "${site.url}"\nselectors: { n: b }\n`;
    const error = await refusal(call('test_config', { yaml }, { reviewConfig }));
    expect(error).toMatchObject({
      code: 'not_allowed',
      message: expect.stringMatching(/^no 127\.0\.0\.1:\d+$/),
    });
    expect(site.hits()).toBe(0);
  });
});
