import { expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { findPageSigns } from '../../../src/scrape/suggest/page-signs.ts';

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
