import { writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished } from 'vitest';
import { noBrowserHere } from '../../scrape/browser/browser-site.ts';
import { Site } from '../../scrape/site.ts';
import { runWithPages } from './kept-page.ts';
import { it as plainIt, refusal } from './open-home.ts';

const it = plainIt.extend('shop', async () => {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  return site;
});

const LIST = `<html lang="en"><title>Books</title><ul>${Array.from(
  { length: 20 },
  (_, at) => `<li class="book"><h3>Book ${at}</h3><p class="price">£${at}.50</p></li>`,
).join('')}</ul>`;

describe('get_page of a kept page', () => {
  it('shows its outline in at most 6 KB, and is data of the run', async ({ workspace, call }) => {
    const run_id = runWithPages(workspace, [{ body: LIST }]);
    const answer = await call('get_page', { run_id });
    expect(answer).toMatchObject({
      url: 'https://shop.example/1',
      source: 'kept page',
      fetched_at: '2026-11-25T08:00:00.000+00:00',
      as: 'outline',
      outline: { title: 'Books', blocks: [{ selector: 'li.book', count: 20 }] },
    });
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(6_000);
    expect(await call('get_page', { run_id, near: 'Book 7' })).toMatchObject({
      place: { matches: 1, places: [{ text: 'Book 7' }] },
    });
  });

  it('shows a long text and its source page by page, each part once', async ({ workspace, call }) => {
    const words = Array.from({ length: 3_000 }, (_, at) => `<p>line “${at}”</p>`).join('');
    const run_id = runWithPages(workspace, [{ body: words }]);
    for (const as of ['text', 'html'] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const answer = await call('get_page', { run_id, as, ...(cursor && { cursor }) });
        expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(6_000);
        seen.push(answer.content ?? '');
        cursor = seen.length < 4 ? answer.next_cursor : undefined;
      } while (cursor !== undefined);
      const numbers = [...seen.join('').matchAll(/“(\d+)”/g)].map(([, number]) => Number(number));
      expect(numbers.length).toBeGreaterThan(500);
      expect(numbers).toEqual(numbers.map((_, at) => at));
    }
  });

  it('refuses the cursor of another call, of a changed page, and one that is none', async ({
    workspace,
    call,
  }) => {
    const body = `<p>${'word '.repeat(5_000)}</p>`;
    const run_id = runWithPages(workspace, [{ body }, { body: `${body}!` }]);
    const { next_cursor } = await call('get_page', { run_id, as: 'text' });
    const cursor = next_cursor ?? '';
    expect(cursor).not.toBe('');
    for (const params of [{ as: 'html' }, { as: 'text', page: 2 }, { as: 'text', near: 'p' }] as const)
      expect(await refusal(call('get_page', { run_id, cursor, ...params }))).toMatchObject({
        code: 'invalid_params',
        field: 'cursor',
        message: 'cursor belongs to another call',
      });
    expect(await refusal(call('get_page', { run_id, cursor: 'x' }))).toMatchObject({
      message: 'cursor is not valid',
    });
    const { call: own, offset } = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const older = Buffer.from(JSON.stringify({ call: own, offset, revision: 'older' })).toString('base64url');
    expect(await refusal(call('get_page', { run_id, as: 'text', cursor: older }))).toMatchObject({
      code: 'invalid_params',
      message: expect.stringContaining('has changed'),
      hint: expect.stringContaining('near shows one place'),
    });
  });

  it('of a place that is nowhere names what is similar', async ({ workspace, call }) => {
    const run_id = runWithPages(workspace, [{ body: LIST }]);
    expect(await refusal(call('get_page', { run_id, near: 'p.prices' }))).toMatchObject({
      code: 'invalid_params',
      field: 'near',
      hint: expect.stringContaining('.price'),
    });
    expect(await refusal(call('get_page', { run_id, near: 'The 1st Book' }))).toMatchObject({
      hint: expect.stringContaining('“Book 0”'),
    });
  });

  it('cleans control characters and marks of direction', async ({ workspace, call }) => {
    const run_id = runWithPages(workspace, [
      { body: '<title>a\u202eb\u001b[2J</title><p class="x\u202e">soft\u00adhyphen \u0007bell</p>' },
    ]);
    for (const as of ['outline', 'text', 'html'] as const) {
      const answer = JSON.stringify(await call('get_page', { run_id, as }));
      expect(answer).not.toMatch(/\u202e|\\u001b|\\u0007/);
    }
  });
});

describe('get_page as a picture', () => {
  const SCRIPTED =
    '<style>body{margin:0;background:#00f}</style><p id="a">x</p><script>document.body.style.background="#f00";fetch("/seen")</script><img src="/seen">';

  it.skipIf(noBrowserHere !== undefined)(
    'shows kept HTML without scripts and network, and a live page as it loads',
    async ({ shop, workspace, call }) => {
      shop.html('/page', SCRIPTED);
      const run_id = runWithPages(workspace, [{ body: SCRIPTED, note: { url: shop.url('/page') } }]);
      const kept = await call('get_page', { run_id, as: 'image' });
      expect(kept).toMatchObject({ as: 'image', source: 'kept page', image: { mime_type: 'image/jpeg' } });
      const data = Buffer.from(kept.image?.data ?? '', 'base64');
      expect([...data.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
      expect(data.length).toBeLessThan(700_000);
      expect(shop.visits).toEqual([]);
      const live = await call('get_page', { url: shop.url('/page'), as: 'image' });
      expect(live).toMatchObject({ source: 'live', rendered: true });
      expect(live.image?.data).not.toBe(kept.image?.data);
      expect(shop.visitsOf('/seen').length).toBeGreaterThan(0);
    },
  );

  it('without a browser says what to install, and what to use instead', async ({ workspace, call }) => {
    await workspace.settings.set('browser_path', '/nowhere/chromium');
    const run_id = runWithPages(workspace, [{ body: LIST }]);
    expect(await refusal(call('get_page', { run_id, as: 'image' }))).toMatchObject({
      code: 'invalid_params',
      field: 'as',
      hint: expect.stringMatching(/Install one: .*outline/),
    });
  });
});

describe('get_page of a live page', () => {
  it('shows JSON by its lists, a feed by its entries, and a page in its own character set', async ({
    shop,
    call,
  }) => {
    shop.html('/api', '{"items":[{"title":"One"}]}', { 'content-type': 'application/json' });
    expect(await call('get_page', { url: shop.url('/api') })).toMatchObject({
      source: 'live',
      outline: {
        blocks: [
          { selector: 'json:$.items[*]', count: 1, fields: [{ name: 'title', selector: 'json:$.title' }] },
        ],
      },
      notes: [],
    });
    expect(await call('get_page', { url: shop.url('/api'), as: 'text' })).toMatchObject({
      content: '{\n "items": [\n  {\n   "title": "One"\n  }\n ]\n}',
      notes: ['the page is JSON: it is shown as text'],
    });
    const entries = [1, 2, 3].map((at) => `<item><title>Story ${at}</title></item>`).join('');
    shop.html('/feed', `<rss><channel>${entries}</channel></rss>`, { 'content-type': 'application/rss+xml' });
    expect(await call('get_page', { url: shop.url('/feed') })).toMatchObject({
      outline: { blocks: [{ selector: 'item', count: 3 }] },
    });
    shop.on('/old', (_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html; charset=windows-1251' })
        .end(Buffer.from([0x3c, 0x70, 0x3e, 0xc4, 0xe0])),
    );
    expect(await call('get_page', { url: shop.url('/old'), as: 'text' })).toMatchObject({ content: 'Да' });
  });

  it('of a configuration shows a client no value of its variables, in any view', async ({
    shop,
    call,
    workspace,
  }) => {
    const key = 'S3cr3tK3y-4711-ABCDEFGH';
    writeFileSync(workspace.paths.secrets, `KEY=${key}\n`, { mode: 0o600 });
    shop.on('/list', (_, response, url) => {
      const told = url.searchParams.get('key') ?? '';
      const spread = [...told].map((letter) => `<i>${letter}</i>`).join('');
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(
          `<title>${told}</title><a class="k" href="/?key=${told}" data-k="${encodeURIComponent(told)}">${told}</a><p>${spread}</p><script>window.__STATE__ = {"key":"${told}"}${' '.repeat(300)}</script>`,
        );
    });
    await workspace.configs.write('own', `url: "${shop.url('/list?key=${KEY}')}"\nselectors: {a: a}\n`);
    const context = { reviewConfig: () => {} };
    for (const as of ['outline', 'text', 'html'] as const)
      for (const near of [undefined, 'a.k', 'p', '[href*=key]']) {
        const answer = await call('get_page', { config_name: 'own', as, ...(near && { near }) }, context);
        const said = JSON.stringify(answer).replaceAll(/<\/?i>|\\n|\s/g, '');
        expect(said).toContain('${KEY}');
        for (let at = 0; at + 6 <= key.length; at += 1) expect(said).not.toContain(key.slice(at, at + 6));
      }
    expect(shop.visits.at(-1)?.path).toBe(`/list?key=${key}`);
    // Whether a guess is right must not show.
    expect(await refusal(call('get_page', { config_name: 'own', near: key }, context))).toMatchObject({
      field: 'near',
    });
  });

  it('is fetched once for all its cursors, although it changes', async ({ shop, call }) => {
    let visits = 0;
    shop.on('/long', (_, response) => {
      visits += 1;
      const lines = Array.from({ length: 1_000 }, (__, at) => `<p>visit ${visits} line ${at}\u202e</p>`);
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(lines.join(''));
    });
    const params = { url: shop.url('/long'), as: 'text' as const };
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await call('get_page', { ...params, ...(cursor && { cursor }) });
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(6_000);
      expect(answer.source).toBe('live');
      seen.push(answer.content ?? '');
      cursor = answer.next_cursor;
    } while (cursor !== undefined);
    const numbers = [...seen.join('').matchAll(/visit 1 line (\d+)/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
    expect(seen.join('')).not.toContain('\u202e');
    expect(visits).toBe(1);
    const { next_cursor = '' } = await call('get_page', params);
    const known = JSON.parse(Buffer.from(next_cursor, 'base64url').toString());
    const gone = Buffer.from(JSON.stringify({ ...known, kept: 'x' })).toString('base64url');
    expect(await refusal(call('get_page', { ...params, cursor: gone }))).toMatchObject({
      code: 'invalid_params',
      field: 'cursor',
      message: expect.stringContaining('no longer kept'),
      hint: expect.stringContaining('Leave the cursor out'),
    });
    expect(visits).toBe(2);
  });

  it('that cannot be fetched is an error that says why', async ({ shop, call }) => {
    shop.on('/gone', (_, response) => response.writeHead(410).end());
    expect(await refusal(call('get_page', { url: shop.url('/gone') }))).toMatchObject({
      code: 'invalid_params',
      field: 'url',
      message: expect.stringContaining('410'),
    });
  });
});
