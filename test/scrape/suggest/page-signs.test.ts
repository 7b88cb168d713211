import { describe, expect, it } from 'vitest';
import { parseExtraction } from '../../../src/scrape/config/parse-config.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { findPageSigns, isEmptyList } from '../../../src/scrape/suggest/page-signs.ts';

function signsOf(body: string) {
  return findPageSigns(
    loadPage(Buffer.from(`<body>${body}</body>`), 'text/html; charset=utf-8', 'http://shop.example/'),
  );
}

const TEXT = 'x '.repeat(60);

it.each([
  ['Wir verwenden Cookies', 'Alle akzeptieren'],
  ['Nous utilisons des cookies', 'Tout accepter'],
  ['Usamos cookies', 'Aceptar todas'],
  ['Usiamo i cookie', 'Accetta tutti'],
  ['We use cookies', 'Accept all'],
])('tells a consent dialog by what it and its button say: %s', (said, button) => {
  expect(signsOf(`<div class="a1"><p>${said} ${TEXT}</p><button>${button}</button></div>`)).toContain(
    'consent',
  );
});

it('takes no page for a consent dialog that only speaks of cookies, or whose button accepts something else', () => {
  expect(signsOf(`<p>Cookies with chocolate ${TEXT}</p><button>Buy</button>`)).not.toContain('consent');
  expect(signsOf(`<p>Our terms ${TEXT}</p><button>Accept all</button>`)).not.toContain('consent');
});

const { config } = parseExtraction(
  'url: http://shop.example/list\nitem: .pod\nselectors: { title: h3, price: .price }\n',
  'shop.yaml',
);
const load = (html: string) => loadPage(Buffer.from(html), 'text/html', 'http://shop.example/list');
const pods = (count = 5) =>
  Array.from(
    { length: count },
    (_, n) => `<li class="pod"><h3>Book ${n}</h3><i class="price">£${n}</i></li>`,
  );
const shop = (list: string, { more = '', head = '' } = {}) =>
  load(
    `<head><title>Books</title>${head}</head><header class="top"><a class="logo">Shop</a><p>No items in your basket</p></header><main id="main"><h1>Books</h1>${list}</main><footer class="foot">${more}</footer>`,
  );
const before = shop(`<ul class="books">${pods().join('')}</ul>`);
const judge = (list: string, more?: Parameters<typeof shop>[1]) =>
  isEmptyList(before, shop(list, more), config);

describe('a list is empty', () => {
  it.each([
    'No books found.',
    'Your search for <b>xyz</b> did not match any products',
    '<b>0</b> results',
    'There are currently no offers here',
    'Keine passenden Artikel gefunden',
    'Leider keine Treffer',
    'Aucun résultat pour votre recherche',
    'No se encontraron resultados',
    'Nessun prodotto trovato',
    'Geen resultaten gevonden',
    'Nenhum produto encontrado',
    'Brak wyników wyszukiwania',
    'Inga träffar',
    'Ничего не найдено',
    '商品が見つかりません',
    '没有找到相关商品',
  ])('that says so: %s', (text) => {
    expect(judge(`<div class="none">${text}</div>`)).toBe(true);
  });

  it('whose element for rows is there, and has none', () => {
    expect(judge('<ul class="books">\n<!-- none --> </ul>')).toBe(true);
  });
});

describe('a list is not called empty', () => {
  it.each([
    ['of which nothing is said', '<p>Welcome to our new shop</p>'],
    ['when a text that was there before says so', '<p>Welcome</p>'],
    ['when the text says how many it has', '<p>10 results</p><p>1,000 items</p><p>2.0 products</p>'],
    ['when a page is missing', '<p>No such page was found</p><p>This page is no longer available</p>'],
    ['when the text is not shown', '<p hidden>No books found</p><div class="is-hidden">No books found</div>'],
    ['when a script holds the text', '<script>say("No books found")</script>'],
    [
      'when something new repeats',
      `<p>No books found</p>${pods().join('').replaceAll('class="pod"', 'class="card"')}`,
    ],
  ])('%s', (_, list) => {
    expect(judge(list)).toBe(false);
  });

  it('when a new script may fill its element', () => {
    expect(judge('<ul class="books"></ul>', { head: '<script src="/app.js"></script>' })).toBe(false);
  });

  it('when the page around it is another one', () => {
    const other = load('<title>Hi</title><section><div><em>No books found</em></div></section>');
    expect(isEmptyList(before, other, config)).toBe(false);
  });
});
