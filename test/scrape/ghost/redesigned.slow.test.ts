import { expect, it } from 'vitest';
import { link, SHOP, type Shop, type ShopJob, shopJob, show } from './shop.ts';

const LIST = `url: "{site}/list"
item: li.card
selectors: { title: h3, price: .price }
pagination: { type: next_button, selector: li.next a }`;

interface Redesign {
  part: string;
  field: string | null;
  selector: string | null;
}

/** The run after a redesign fails by the right selector, keeps a page, and leaves the good file as it was. */
async function expectFailure(job: ShopJob, { part, field, selector }: Redesign) {
  const good = job.file();
  const { run, kept_pages, selectors } = await job.run();
  expect(run, JSON.stringify([run.error, run.items, run.pages])).toMatchObject({
    status: 'failed',
    error: { kind: 'check_failed' },
  });
  expect(run.checks).toMatchObject([
    { check: 'likely_broken', passed: false, good_runs: 3, suspect: { part, field, selector } },
  ]);
  if (selector !== null) expect(run.error?.message).toContain(selector);
  expect(run.error?.message).toContain('The output was not written');
  expect(kept_pages.length).toBeGreaterThanOrEqual(1);
  if (selector !== null) expect(selectors).toContainEqual(expect.objectContaining({ part, field, selector }));
  expect(job.file()).toBe(good);
  expect(good.split('\n').length).toBeGreaterThan(100);
  return run;
}

const NEXT = { part: 'pagination', field: 'pagination.selector', selector: 'li.next a' };
const ITEM = { part: 'item', field: 'item', selector: 'li.card' };
const other = (card: string) => (n: number) => SHOP.card(n, 1).replace('card', card);

const OF_A_LIST: [string, Redesign, Partial<Shop>][] = [
  [
    'the class of the next link is another one',
    NEXT,
    { pager: (at) => SHOP.pager(at).replace('next', 'pg-fwd') },
  ],
  [
    'the next link became a button that a script listens to',
    NEXT,
    {
      pager: (at) =>
        at.page < at.pages ? `<li class="next"><button data-url="${link(at)}">Next</button></li>` : '',
    },
  ],
  [
    'only numbers lead to the other pages',
    NEXT,
    {
      pager: (at) =>
        Array.from({ length: at.pages }, (_, n) => `<a href="${link(at, n + 1)}">${n + 1}</a>`).join(' '),
    },
  ],
  [
    'further goods come when somebody scrolls',
    NEXT,
    { pager: () => '<div id="sentinel" data-offset="20"></div>' },
  ],
  [
    'the next link is a page of fewer goods away, in another language',
    NEXT,
    {
      size: 12,
      pager: (at) => (at.page < at.pages ? `<a class="w" href="/l/${at.page + 1}">Weiter ›</a>` : ''),
    },
  ],
  [
    'the next link leads to the page that it stands on',
    NEXT,
    { pager: (at) => SHOP.pager({ ...at, page: 0 }) },
  ],
  [
    'from the third page on another layout is tried out',
    NEXT,
    {
      pager: (at) =>
        at.page < 3 || at.page === at.pages
          ? SHOP.pager(at)
          : `<a class="go" href="${link(at, 1)}">1</a><a class="go" href="${link(at)}">${at.page + 1}</a>`,
    },
  ],
  [
    'from the third page on nothing is found, neither goods nor a way on',
    ITEM,
    {
      card: (n, page) => other(page < 3 ? 'card' : 'tile')(n),
      pager: (at) => (at.page < 3 ? SHOP.pager(at) : '<i data-more="1"></i>'),
    },
  ],
  [
    'the class of the goods is another one, but for those of an old promotion',
    ITEM,
    {
      card: other('product'),
      page: (parts) =>
        SHOP.page({ ...parts, cards: `${[1, 2, 3].map((n) => SHOP.card(n, 1)).join('')}${parts.cards}` }),
    },
  ],
  [
    'two pages of three have another layout',
    ITEM,
    { card: (n, page) => other(page % 3 === 1 ? 'card' : 'tile')(n) },
  ],
  [
    'only a few goods of each page are marked up as before, and nothing else is',
    ITEM,
    { card: (n) => (n % 5 === 0 ? SHOP.card(n, 1) : `<div class="tile"><h4>${n}</h4><i>£${n}</i></div>`) },
  ],
];

it('a list that is redesigned: the run fails, by the selector that broke', async () => {
  const job = await shopJob(LIST, (site) => show(site, SHOP));
  await job.goodRuns();
  for (const [what, redesign, change] of OF_A_LIST) {
    show(job.site, { ...SHOP, ...change });
    await expectFailure(job, redesign).catch((error: unknown) => {
      throw new Error(what, { cause: error });
    });
  }
});

async function failsWhen(
  yaml: string,
  prepare: Parameters<typeof shopJob>[1],
  changes: [Redesign, Parameters<typeof shopJob>[1]][],
) {
  const job = await shopJob(yaml, prepare);
  await job.goodRuns();
  for (const [redesign, change] of changes) {
    prepare(job.site);
    change(job.site);
    await expectFailure(job, redesign);
  }
}

it('links to detail pages that are others now, or none: the run fails by the selector that finds them', async () => {
  const follow = `url: "{site}/list"
item: li.card
selectors: { title: h3 }
follow: { selector: a, selectors: { isbn: .isbn, by: .by, stock: .stock } }
pagination: { type: next_button, selector: li.next a }`;
  const shop = { ...SHOP, goods: 110, size: 60 };
  const FOLLOW = { part: 'follow', field: 'follow.selector', selector: 'a' };
  const links = (to: string) => (site: Parameters<typeof show>[0]) =>
    show(site, { ...shop, card: (n) => SHOP.card(n, 1).replace(/<a .*<\/a>/, to) });
  await failsWhen(follow, (site) => show(site, shop), [
    [FOLLOW, links('<span data-to="/thing/1">see</span>')],
    [FOLLOW, links('<a href="#" data-id="1">see</a>')],
    [
      { part: 'field', field: 'isbn', selector: '.isbn' },
      (site) => show(site, { ...shop, detail: (n) => `<h2>${n}</h2><dl><dt>ISBN</dt><dd>${n}</dd></dl>` }),
    ],
  ]);
});

it('fields that moved, so that most values are gone: the run fails, though it has as many items', async () => {
  const yaml = `url: "{site}/list"
item: li.card
selectors: { title: h3, price: .price, link: { selector: a, attribute: href } }
pagination: { type: next_button, selector: li.next a }`;
  await failsWhen(yaml, (site) => show(site, SHOP), [
    [
      { part: 'field', field: 'price', selector: '.price' },
      (site) =>
        show(site, { ...SHOP, card: (n) => `<li class="card"><h3>${n}</h3><button>£${n}</button></li>` }),
    ],
  ]);
});

it('pages that are counted: a parameter that is ignored now, and rows that are not found from some page on', async () => {
  const yaml = `url: "{site}/list"
item: li.card
selectors: { title: h3, price: .price }
pagination: { type: url_param, param_name: page }`;
  const numbers = (shop: Shop): Shop => ({
    ...shop,
    pager: (at) =>
      Array.from({ length: at.pages }, (_, n) => `<a href="${link(at, n + 1)}">${n + 1}</a>`).join(' '),
  });
  await failsWhen(yaml, (site) => show(site, numbers(SHOP)), [
    [
      { part: 'pagination', field: 'pagination.param_name', selector: null },
      (site) => show(site, { ...SHOP, goods: 20, pager: () => '<a href="/list?p=2">2</a>' }, '/list', 'last'),
    ],
    [
      { part: 'pagination', field: 'pagination.param_name', selector: null },
      (site) =>
        show(
          site,
          numbers({
            ...SHOP,
            card: (n, page) => SHOP.card(n, page).replace('card', page < 4 ? 'card' : 'tile'),
          }),
        ),
    ],
  ]);
});

it('several start addresses: those of another layout are enough', async () => {
  const yaml = `urls: ["{site}/a", "{site}/b", "{site}/c", "{site}/d"]
item: li.card
selectors: { title: h3, price: .price }
pagination: { type: next_button, selector: li.next a }`;
  const shop = { ...SHOP, goods: 70 };
  const all = (site: Parameters<typeof show>[0]) => {
    for (const path of ['/a', '/b', '/c', '/d'])
      show(site, { ...shop, goods: path === '/d' ? 13 : 70 }, path);
  };
  await failsWhen(yaml, all, [
    [
      NEXT,
      (site) => {
        for (const path of ['/a', '/b', '/c']) show(site, { ...shop, pager: () => '<i>scroll</i>' }, path);
      },
    ],
  ]);
});

it('a sitemap whose addresses are others now, or one of whose files is empty', async () => {
  const yaml = `sitemap: { url: "{site}/sitemap.xml", include: /thing/ }
selectors: { title: h1, isbn: .isbn, by: .by, stock: .stock }`;
  const urls = (site: Parameters<typeof show>[0], paths: string[]) =>
    `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${paths.map((path) => `<url><loc>${site.url(path)}</loc></url>`).join('')}</urlset>`;
  const things = (from: number, to: number, path = 'thing') =>
    Array.from({ length: to - from + 1 }, (_, n) => `/${path}/${from + n}`);
  const all = (site: Parameters<typeof show>[0]) => {
    show(site, SHOP);
    const maps = ['/1.xml', '/2.xml'].map((path) => `<sitemap><loc>${site.url(path)}</loc></sitemap>`);
    const index = `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${maps.join('')}</sitemapindex>`;
    site.html('/sitemap.xml', index);
    site.html('/1.xml', urls(site, things(1, 80)));
    site.html('/2.xml', urls(site, things(81, 110)));
  };
  const SITEMAP = { part: 'sitemap', field: 'sitemap', selector: '/thing/' };
  await failsWhen(yaml, all, [
    [SITEMAP, (site) => site.html('/1.xml', urls(site, things(1, 80, 'p')))],
    [SITEMAP, (site) => site.html('/1.xml', urls(site, []))],
    [
      { part: 'item', field: null, selector: null },
      (site) => {
        for (const path of things(1, 80)) site.html(path, '<h2>Thing</h2>');
      },
    ],
  ]);
});

it('rows without an item: the way on, and rows of which most pages have none', async () => {
  const yaml = `url: "{site}/list"
selectors: { title: h3, price: .price }
pagination: { type: next_button, selector: li.next a }`;
  await failsWhen(yaml, (site) => show(site, SHOP), [
    [NEXT, (site) => show(site, { ...SHOP, pager: () => '' })],
    [
      { part: 'item', field: null, selector: null },
      (site) =>
        show(site, { ...SHOP, card: (n, page) => (page % 3 === 1 ? SHOP.card(n, page) : `<p>${n}</p>`) }),
    ],
  ]);
});

it('a limit of pages that each good run reached, and one page whose items are others', async () => {
  const limited = `url: "{site}/list"
item: li.card
selectors: { title: h3, price: .price }
pagination: { type: next_button, selector: li.next a, max_pages: 6 }`;
  await failsWhen(limited, (site) => show(site, SHOP), [
    [NEXT, (site) => show(site, { ...SHOP, pager: () => '' })],
  ]);
  const single = 'url: "{site}/list"\nitem: li.card\nselectors: { title: h3, price: .price }';
  const shop = { ...SHOP, goods: 120, size: 120 };
  await failsWhen(single, (site) => show(site, shop), [
    [ITEM, (site) => show(site, { ...shop, card: (n) => other(n <= 5 ? 'card' : 'product')(n) })],
  ]);
});
