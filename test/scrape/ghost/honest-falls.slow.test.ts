import { expect, it } from 'vitest';
import { link, SHOP, type Shop, type ShopJob, shopJob, show } from './shop.ts';

const LIST = `url: "{site}/list"
item: li.card
selectors: { title: h3, price: .price, sale: .sale }
pagination: { type: next_button, selector: li.next a }`;

/** The run succeeds, writes out what there is, and warns. */
async function expectWarning(job: ShopJob, items: number) {
  const { run, warnings } = await job.run();
  expect(run, JSON.stringify(run.error)).toMatchObject({ status: 'succeeded', items, checks: [] });
  expect(warnings).toContainEqual(expect.stringMatching(/usually .* no selector seems to be broken/));
  expect(job.file().trim().split('\n')).toHaveLength(items + 1);
  job.forget(run.run_id);
}

const onSale = (shop: Shop): Shop => ({
  ...shop,
  card: (n, page) =>
    SHOP.card(n, page).replace('</li>', n % 4 === 0 ? '<i class="sale">%</i></li>' : '</li>'),
});
const HOME = '<a class="swiper-next" href="/offers">next</a><a href="/help?page=2">Help</a>';

const OF_A_LIST: [string, number, Shop][] = [
  ['fewer goods on fewer pages, the last one full', 80, onSale({ ...SHOP, goods: 80 })],
  ['fewer goods, the last page not full', 73, onSale({ ...SHOP, goods: 73 })],
  ['one page that is not full, so that there is no next link', 19, onSale({ ...SHOP, goods: 19 })],
  ['one single article', 1, SHOP],
  ['fewer goods, and the sale is over', 60, { ...SHOP, goods: 60 }],
  [
    'one page with a next link that is switched off',
    20,
    {
      ...SHOP,
      goods: 20,
      pager: () => '<li class="next"><a class="disabled" href="/list?page=2">Next</a></li>',
    },
  ],
  [
    'one page with other links, to turn over pictures and the like',
    12,
    {
      ...SHOP,
      goods: 12,
      page: (parts) => `${SHOP.page(parts)}<div class="swiper">${HOME}</div>`,
    },
  ],
  ['longer pages, and half of the goods', 90, { ...SHOP, goods: 90, size: 50 }],
  ['shorter pages, and a third of the goods', 66, { ...SHOP, goods: 66, size: 12 }],
  [
    'a page of numbers for each page there is',
    75,
    {
      ...SHOP,
      goods: 75,
      pager: (at) =>
        `${SHOP.pager(at)}${Array.from({ length: at.pages }, (_, n) => `<a href="${link(at, n + 1)}">${n + 1}</a>`)}`,
    },
  ],
  [
    'new markup around goods that are found as before',
    61,
    {
      ...SHOP,
      goods: 61,
      page: (parts) => `<main><header><h2>Now new</h2></header>${SHOP.page(parts)}</main>`,
    },
  ],
];

it('a list with fewer goods: the run succeeds and warns', async () => {
  const job = await shopJob(LIST, (site) => show(site, onSale(SHOP)));
  await job.goodRuns();
  for (const [what, items, shop] of OF_A_LIST) {
    show(job.site, { ...shop, goods: items });
    await expectWarning(job, items).catch((error: unknown) => {
      throw new Error(what, { cause: error });
    });
  }
});

it('several start addresses of which some have little left, and some nothing', async () => {
  const yaml = `urls: ["{site}/a", "{site}/b", "{site}/c", "{site}/d"]
item: li.card
selectors: { title: h3, price: .price }
pagination: { type: next_button, selector: li.next a }`;
  const goods = (site: ShopJob['site'], counts: number[]) => {
    for (const [n, path] of ['/a', '/b', '/c', '/d'].entries())
      show(site, { ...SHOP, goods: counts[n] ?? 0 }, path);
  };
  const job = await shopJob(yaml, (site) => goods(site, [70, 50, 41, 20]));
  await job.goodRuns();
  goods(job.site, [30, 12, 0, 20]);
  await expectWarning(job, 62);
  goods(job.site, [0, 0, 20, 20]);
  await expectWarning(job, 40);
});

it('counted pages of which there are fewer, however the site marks the end', async () => {
  const yaml = `url: "{site}/list"
item: li.card
selectors: { title: h3 }
pagination: { type: url_param, param_name: page }`;
  for (const beyond of ['empty', 'missing', 'last'] as const) {
    const job = await shopJob(yaml, (site) => show(site, SHOP, '/list', beyond));
    await job.goodRuns();
    for (const goods of [60, 7]) {
      show(job.site, { ...SHOP, goods }, '/list', beyond);
      await expectWarning(job, goods);
    }
  }
});

it('one page with fewer rows, and a sitemap with fewer pages', async () => {
  const one = await shopJob('url: "{site}/list"\nitem: li.card\nselectors: { title: h3 }', (site) =>
    show(site, { ...SHOP, goods: 50, size: 50 }),
  );
  await one.goodRuns();
  show(one.site, { ...SHOP, goods: 11, size: 50 });
  await expectWarning(one, 11);
  const yaml = 'sitemap: "{site}/sitemap.txt"\nselectors: { title: h1, isbn: .isbn }';
  const map = (site: ShopJob['site'], goods: number) => {
    show(site, SHOP);
    site.on('/sitemap.txt', (_, response) =>
      response.end(Array.from({ length: goods }, (_, n) => site.url(`/thing/${n + 1}`)).join('\n')),
    );
  };
  const named = await shopJob(yaml, (site) => map(site, 60));
  await named.goodRuns();
  map(named.site, 9);
  await expectWarning(named, 9);
});

it('a limit of pages that each good run reached, and rows without an item', async () => {
  const yaml = `url: "{site}/list"
selectors: { title: h3, price: .price }
pagination: { type: next_button, selector: li.next a, max_pages: 8 }`;
  const job = await shopJob(yaml, (site) => show(site, SHOP));
  await job.goodRuns();
  for (const goods of [60, 45, 3]) {
    show(job.site, { ...SHOP, goods });
    await expectWarning(job, goods);
  }
  show(job.site, SHOP);
  expect(await job.run()).toMatchObject({
    run: { status: 'succeeded', items: 160 },
    warnings: [],
  });
});

it('a run that may be empty, and new things beside fewer goods that look like them', async () => {
  const job = await shopJob(`${LIST}\nexpect: { allow_empty: true }`, (site) => show(site, onSale(SHOP)));
  await job.goodRuns();
  show(job.site, { ...SHOP, goods: 0, page: () => '<p>Nothing here</p>' });
  const empty = await job.run();
  expect(empty).toMatchObject({ run: { status: 'succeeded', items: 0, checks: [] }, warnings: [] });
  job.forget(empty.run.run_id);
  const offers = '<h3>Offer</h3><b class="price">£1</b>'.repeat(30);
  show(job.site, { ...SHOP, goods: 60, page: (parts) => `${SHOP.page(parts)}<div>${offers}</div>` });
  await expectWarning(job, 60);
});
