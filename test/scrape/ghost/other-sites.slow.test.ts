import { expect, it } from 'vitest';
import { link, SHOP, type Shop, type ShopJob, shopJob, show } from './shop.ts';

type Site = ShopJob['site'];
/** What the run after a change comes to: a warning with the words, or the part that it fails by. */
type Case = [what: string, { warns: RegExp } | { fails: string }, (site: Site) => void];

const LESS = { warns: /no selector seems to be broken, so the site may show less/ };
const FEW = { warns: /with so few items, the site may also just show less/ };

const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, n) => n + from);

async function expectEach(yaml: string, prepare: (site: Site) => void, cases: Case[]) {
  const job = await shopJob(yaml, prepare);
  await job.goodRuns();
  for (const [what, outcome, change] of cases) {
    const good = job.file();
    prepare(job.site);
    change(job.site);
    const { run, warnings } = await job.run();
    const said = `${what}: ${run.error?.message ?? warnings.join('; ')}`;
    if ('fails' in outcome) {
      expect(run, said).toMatchObject({
        status: 'failed',
        checks: [{ check: 'likely_broken', passed: false, suspect: { part: outcome.fails } }],
      });
      expect(job.file(), what).toBe(good);
    } else {
      expect(run, said).toMatchObject({ status: 'succeeded', checks: [] });
      expect(warnings, what).toContainEqual(expect.stringMatching(outcome.warns));
      job.forget(run.run_id);
    }
  }
}

const product = (n: number, exists = true) =>
  `<title>Thing ${n} – Shop</title><h1>Thing ${n}</h1>${exists ? `<b class="price">£${n}</b><s class="was">£${n + 5}</s><i class="delivery">2 days</i>` : '<p>Sold out</p>'}`;
const GONE = '<title>Not available – Shop</title><p>This product is gone.</p>';

it('a watch on the price of one thing that is sold out', async () => {
  await expectEach(
    'url: "{site}/thing"\nselectors: { title: h1, price: .price, was: .was, delivery: .delivery }',
    (site) => site.html('/thing', product(1)),
    [['sold out', FEW, (site) => site.html('/thing', product(1, false))]],
  );
});

it('a watch on thirty prices, most of which are gone or look another way', async () => {
  const some = (page: (site: Site, path: string) => void) => (site: Site) => {
    for (const n of numbers(20)) page(site, `/thing/${n}`);
  };
  await expectEach(
    `urls: [${numbers(30).map((n) => `"{site}/thing/${n}"`)}]\nselectors: { price: .price, was: .was }`,
    (site) => {
      for (const n of numbers(30)) site.html(`/thing/${n}`, product(n));
    },
    [
      ['a page that says so', LESS, some((site, path) => site.html(path, GONE))],
      [
        'a way to the first page of the shop',
        LESS,
        (site) => {
          site.html('/', '<title>Shop</title><h1>Welcome</h1>');
          some((_, path) =>
            site.on(path, (_request, response) => response.writeHead(302, { location: '/' }).end()),
          )(site);
        },
      ],
      [
        'another layout',
        { fails: 'item' },
        some((site, path) =>
          site.html(path, `<title>Thing ${path} – Shop</title><span data-price>£1</span>`),
        ),
      ],
    ],
  );
});

const LIST = `url: "{site}/list"
item: li.card
selectors: { title: h3, price: .price }
pagination: { type: next_button, selector: li.next a }`;
const beside = (shop: Partial<Shop>, html: string): Shop => ({
  ...SHOP,
  ...shop,
  page: (parts) => `${SHOP.page(parts)}${html}`,
});

it('a list on longer pages, or with few goods and other things that are called next or more', async () => {
  const one = (html: string) => (site: Site) => show(site, beside({ goods: 6 }, html));
  await expectEach(LIST, (site) => show(site, SHOP), [
    ['60 on a page', LESS, (site) => show(site, { ...SHOP, size: 60 })],
    ['all on one page', LESS, (site) => show(site, { ...SHOP, size: 500 })],
    [
      'recommendations to turn over',
      LESS,
      one('<div class="splide"><button class="splide__arrow splide__arrow--next"></button></div>'),
    ],
    ['a promise', LESS, one('<a class="next-day-delivery" href="/delivery">Next-day delivery</a>')],
    ['filters', LESS, one('<button class="show-more">Show more filters</button>')],
  ]);
});

it('pages that are shorter now, under a limit of pages', async () => {
  await expectEach(
    LIST.replace('li.next a', 'li.next a, max_pages: 3'),
    (site) => show(site, { ...SHOP, size: 50 }),
    [['20 in place of 50', LESS, (site) => show(site, SHOP)]],
  );
});

it('a last page whose next link is the page itself', async () => {
  const pager: Shop['pager'] = (at) =>
    `<li class="next"><a href="${link(at, Math.min(at.pages, at.page + 1))}">Next</a></li>`;
  await expectEach(LIST, (site) => show(site, { ...SHOP, pager }), [
    ['one page', LESS, (site) => show(site, { ...SHOP, goods: 12, pager })],
    ['three pages', LESS, (site) => show(site, { ...SHOP, goods: 55, pager })],
    [
      'a parameter that the site ignores',
      { fails: 'pagination' },
      (site) =>
        show(
          site,
          { ...SHOP, goods: 20, pager: () => '<li class="next"><a href="/list?p=2">Next</a></li>' },
          '/list',
          'last',
        ),
    ],
  ]);
});

it('a list of few things', async () => {
  const rated = (goods: number): Shop => ({
    ...SHOP,
    goods,
    card: (n) => SHOP.card(n, 1).replace('</li>', '<i class="rating">5</i></li>'),
  });
  const recommended = numbers(8)
    .map((n) => `<div><h3>Other ${n}</h3><b class="price">£${n}</b></div>`)
    .join('');
  const yaml = 'url: "{site}/list"\nitem: li.card\nselectors: { title: h3, price: .price, rating: .rating }';
  await expectEach(yaml, (site) => show(site, rated(4)), [
    ['one is left', LESS, (site) => show(site, rated(1))],
    ['one is left, and is new', FEW, (site) => show(site, { ...SHOP, goods: 1 })],
    ['one is left among others', FEW, (site) => show(site, beside({ goods: 1 }, recommended))],
  ]);
  await expectEach(yaml, (site) => show(site, rated(10)), [
    ['one of ten is left, and is new', FEW, (site) => show(site, { ...SHOP, goods: 1 })],
    ['two of ten are left among others', FEW, (site) => show(site, beside({ goods: 2 }, recommended))],
  ]);
});

it('things that are sold out and have no link to a page of their own', async () => {
  const shop = (withLink: (n: number) => boolean, name = 'buy'): Shop => ({
    ...{ ...SHOP, goods: 30, size: 30 },
    card: (n) =>
      `<li class="card"><h3>${n}</h3>${withLink(n) ? `<a class="${name}" href="/thing/${n}">buy</a>` : 'sold out'}</li>`,
  });
  await expectEach(
    `url: "{site}/list"
item: li.card
selectors: { title: h3 }
follow: { selector: a.buy, selectors: { isbn: .isbn, stock: .stock } }`,
    (site) =>
      show(
        site,
        shop(() => true),
      ),
    [
      [
        '20 of 30',
        LESS,
        (site) =>
          show(
            site,
            shop((n) => n > 20),
          ),
      ],
      [
        'another class',
        { fails: 'follow' },
        (site) =>
          show(
            site,
            shop(() => true, 'order'),
          ),
      ],
    ],
  );
});

it('a sitemap with much else in it', async () => {
  const map = (site: Site, paths: string[]) =>
    site.html(
      '/sitemap.xml',
      `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${paths.map((path) => `<url><loc>${site.url(path)}</loc></url>`).join('')}</urlset>`,
    );
  const of = (kind: string, count: number, from = 1) => numbers(count, from).map((n) => `/${kind}/${n}`);
  await expectEach(
    'sitemap: { url: "{site}/sitemap.xml", include: /thing/ }\nselectors: { title: h1, isbn: .isbn }',
    (site) => {
      show(site, SHOP);
      map(site, [...of('thing', 60), ...of('news', 60)]);
    },
    [
      ['fewer things, as much else', LESS, (site) => map(site, [...of('thing', 12), ...of('news', 60)])],
      [
        'other addresses',
        { fails: 'sitemap' },
        (site) => map(site, [...of('thing', 12), ...of('item', 48, 13), ...of('news', 60)]),
      ],
      [
        'things that are gone',
        LESS,
        (site) => {
          for (const path of of('thing', 40)) site.html(path, GONE);
        },
      ],
    ],
  );
});

it('several lists of which some are just one page long now', async () => {
  const lists = (site: Site, goods: number[], shop: Partial<Shop> = {}) => {
    for (const [n, count] of goods.entries()) show(site, { ...SHOP, ...shop, goods: count }, `/list/${n}`);
  };
  const usual = [15, 30, 45, 60, 75, 90];
  await expectEach(
    LIST.replace('url: "{site}/list"', `urls: [${usual.map((_, n) => `"{site}/list/${n}"`)}]`),
    (site) => lists(site, usual),
    [
      ['two of them full', LESS, (site) => lists(site, [0, 5, 20, 12, 40, 20])],
      ['no way on', { fails: 'pagination' }, (site) => lists(site, usual, { pager: () => '<i></i>' })],
    ],
  );
});
