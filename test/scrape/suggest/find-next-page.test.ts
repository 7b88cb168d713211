import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { readNextLink } from '../../../src/scrape/pagination/next-link.ts';
import { findNextPage } from '../../../src/scrape/suggest/find-next-page.ts';

const SITE = 'http://list.example';
const LAST = 4;

/** Where a list has its pages, and how each page leads to the others. */
interface Pager {
  address(page: number): string;
  links(page: number, to: (page: number) => string): string;
}

const byParameter = (page: number) => (page === 1 ? '/list' : `/list?page=${page}`);
const byPath = (page: number) => (page === 1 ? '/list/' : `/list/page/${page}/`);
const byOffset = (page: number) => `/list?start=${(page - 1) * 20}`;

function either(page: number, before: string, after: string): string {
  return `${page > 1 ? before : ''} ${page < LAST ? after : ''}`;
}

const link = (href: string, rest: string, text: string) => `<a href="${href}" ${rest}>${text}</a>`;

/** A link back and one on, where nothing but the text tells which is which. */
function told(back: string, on: string): Pager {
  return {
    address: byParameter,
    links: (n, to) =>
      `<p class="p">${either(n, link(to(n - 1), 'class="b"', back), link(to(n + 1), 'class="b"', on))}</p>`,
  };
}

function numbers(
  current: (n: number) => string,
  other = (n: number, href: string) => link(href, '', String(n)),
) {
  return (n: number, to: (page: number) => string) =>
    Array.from({ length: LAST }, (_, at) => (at + 1 === n ? current(n) : other(at + 1, to(at + 1)))).join(
      ' ',
    );
}

const PAGERS: Record<string, Pager> = {
  'rel in the head': {
    address: byPath,
    links: (n, to) =>
      either(n, `<link rel="prev" href="${to(n - 1)}">`, `<link rel="next" href="${to(n + 1)}">`),
  },
  'rel of the link': {
    address: byParameter,
    links: (n, to) =>
      either(n, link(to(n - 1), 'rel="prev"', '?'), link(to(n + 1), 'rel="nofollow next"', '?')),
  },
  'a class': {
    address: byOffset,
    links: (n, to) =>
      either(
        n,
        link(to(n - 1), 'class="btn pagination-prev"', '·'),
        link(to(n + 1), 'class="btn pagination-next"', '·'),
      ),
  },
  'a class around it': {
    address: byPath,
    links: (n, to) =>
      `<div class="nav-links">${either(n, `<div class="nav-next">${link(to(n - 1), '', 'Newer posts →')}</div>`, `<div class="nav-previous">${link(to(n + 1), '', '← Older posts')}</div>`)}</div>`,
  },
  'a title': {
    address: byOffset,
    links: (n, to) =>
      either(n, link(to(n - 1), 'title="Previous Page"', '·'), link(to(n + 1), 'title="Next Page"', '·')),
  },
  'a label': {
    address: byPath,
    links: (n, to) =>
      either(
        n,
        link(to(n - 1), 'aria-label="Previous"', '<i></i>'),
        link(to(n + 1), 'aria-label="Next"', '<i></i>'),
      ),
  },
  'a label with the number of the page': {
    address: byParameter,
    links: (n, to) =>
      either(
        n,
        link(to(n - 1), `aria-label="Previous, page ${n - 1}"`, '<i></i>'),
        link(to(n + 1), `aria-label="Next, page ${n + 1}"`, '<i></i>'),
      ),
  },
  'a picture': {
    address: byPath,
    links: (n, to) =>
      either(
        n,
        link(to(n - 1), '', '<img src="/i/left.gif" alt="Previous">'),
        link(to(n + 1), '', '<img src="/i/right.gif" alt="Next">'),
      ),
  },
  'an icon': {
    address: byPath,
    links: (n, to) =>
      either(
        n,
        link(to(n - 1), '', '<i class="fa fa-angle-left"></i>'),
        link(to(n + 1), '', '<i class="fa fa-angle-right"></i>'),
      ),
  },
  'numbers after one in bold': {
    address: byParameter,
    links: (n, to) => `<p class="pages">${numbers((at) => `<strong>${at}</strong>`)(n, to)}</p>`,
  },
  'numbers after one that is current': {
    address: byPath,
    links: (n, to) => `<div>${numbers((at) => `<span class="current">${at}</span>`)(n, to)}</div>`,
  },
  'numbers in a list': {
    address: byOffset,
    links: (n, to) =>
      `<ul class="pagination">${numbers(
        (at) => `<li class="active"><a href="${to(at)}">${at}</a></li>`,
        (at, href) => `<li>${link(href, '', String(at))}</li>`,
      )(n, to)}</ul>`,
  },
  'numbers after one that is no element': {
    address: byParameter,
    links: (n, to) => `<p>${numbers((at) => `${at} |`)(n, to)}</p>`,
  },
  'numbers in brackets after a word and one that is no element': {
    address: byOffset,
    links: (n, to) =>
      `<div>Pages: ${numbers(String, (at, href) => `[${link(href, '', String(at))}]`)(n, to)}</div>`,
  },
  arrows: told('«', '»'),
  'an arrow and a word': told('&lt; Prev', 'Next&nbsp;&gt;'),
  English: told('Newer entries', 'Older entries'),
  German: told('Zurück', 'Weiter'),
  'more German': told('Vorherige Seite', 'Nächste Seite »'),
  French: told('Précédent', 'Page suivante'),
  Spanish: told('Anterior', 'Siguiente ›'),
  Portuguese: told('Anterior', 'Próxima'),
  Italian: told('Precedente', 'Successiva'),
  Dutch: told('Vorige', 'Volgende'),
  Polish: told('Poprzednia', 'Następna strona'),
  Czech: told('Předchozí', 'Další'),
  Romanian: told('Înapoi', 'Următoarea'),
  Turkish: told('Önceki', 'Sonraki'),
  Russian: told('Пред.', 'След.'),
  'more Russian': told('Предыдущая', 'Следующая'),
  Ukrainian: told('Попередня', 'Далі'),
  Japanese: told('前のページ', '次のページ'),
  'more Japanese': told('前へ', '次へ'),
  Chinese: told('上一页', '下一页'),
  'traditional Chinese': told('上一頁', '下一頁'),
  Korean: told('이전', '다음'),
  Arabic: told('السابق', 'التالي'),
  Hebrew: told('הקודם', 'הבא'),
};

function pageAt(pager: Pager, number: number) {
  const html = `<head></head><body><ul><li><a href="/a1">One</a></li><li><a href="/a2">Two</a></li></ul>${pager.links(number, pager.address)}</body>`;
  return loadPage(Buffer.from(html), 'text/html; charset=utf-8', SITE + pager.address(number));
}

function proposedFor(html: string, path = '/list'): string | null {
  return findNextPage(loadPage(Buffer.from(html), 'text/html; charset=utf-8', SITE + path));
}

describe('the link to the next page', () => {
  it.each(Object.entries(PAGERS))('by %s leads from page to page and ends at the last', (_, pager) => {
    for (const first of [1, 2]) {
      const selector = findNextPage(pageAt(pager, first)) ?? 'none';
      const walked = [1, 2, 3, 4].map((number) => {
        const next = readNextLink(pageAt(pager, number), selector);
        return 'url' in next ? next.url.slice(SITE.length) : null;
      });
      expect(walked).toEqual([2, 3, 4].map(pager.address).concat([null as never]));
    }
  });

  it('is absent where a picture is turned over, a month is left, or an article follows', () => {
    expect(proposedFor('<div class="carousel"><a class="next" href="/list?slide=2">Next</a></div>')).toBe(
      null,
    );
    expect(proposedFor('<table><tr><td><a href="/calendar/2026-12">Next month</a></td></tr></table>')).toBe(
      null,
    );
    expect(proposedFor('<p><a href="/list?month=5">Next »</a></p>', '/list?month=4')).toBe(null);
    expect(proposedFor('<a href="/story-2">Next article: What happened</a>')).toBe(null);
    expect(proposedFor('<a href="/about">More about us</a> <a href="/x">Read more</a>')).toBe(null);
  });

  it('is absent where it leads nowhere, back, to its own page, or is disabled', () => {
    expect(proposedFor('<a class="next" href="#">Next</a>')).toBe(null);
    expect(proposedFor('<a class="next" href="javascript:go(2)">Next</a>')).toBe(null);
    expect(proposedFor('<a class="next" href="/list?page=3">Next</a>', '/list?page=3')).toBe(null);
    expect(proposedFor('<a class="next" href="/list?page=2">Next</a>', '/list?page=3')).toBe(null);
    expect(
      proposedFor('<li class="disabled"><a class="next disabled" href="/list?page=2">Next</a></li>'),
    ).toBe(null);
  });

  it('is not found by an id with the number of this page', () => {
    expect(proposedFor('<a id="next-8841" href="/list?page=2">Continue</a>')).toBe(null);
    expect(proposedFor('<a id="next-8841" href="/list?page=2">Next</a>')).toBe(
      'xpath://a[normalize-space(.)="Next"]',
    );
  });

  it('is a link with the one word "more" where its address is that of a second page', () => {
    const morelink = '<a class="morelink" href="/news?p=2">More</a>';
    expect(proposedFor(`<a class="more" href="/tags">more</a> ${morelink}`, '/')).toBe('a.morelink');
    expect(proposedFor('<a class="more" href="/tags">more</a>', '/')).toBe(null);
  });

  it('is not the number in a row that has pages of its own', () => {
    const thread = (n: number) =>
      `<li><a href="/t/${n}">Thread ${n}</a> (1 <a href="/t/${n}?page=2">2</a>)</li>`;
    expect(proposedFor(`<ul>${thread(7)}${thread(8)}${thread(9)}</ul>`)).toBe(null);
  });

  it('is not the link in each row to more of it', () => {
    const row = (n: number) => `<li>Row ${n} <a class="more" href="/list?x=${n}">more</a></li>`;
    expect(proposedFor(`<ul>${row(2)}${row(3)}${row(4)}</ul>`)).toBe(null);
  });

  it('is not more of something else', () => {
    expect(proposedFor('<a href="/category/x">More articles</a>', '/')).toBe(null);
    expect(proposedFor('<a href="/category/x">More articles</a>')).toBe(null);
    const more = 'xpath://a[normalize-space(.)="More articles"]';
    expect(proposedFor('<a href="/list?after=x8f">More articles</a>')).toBe(more);
    expect(proposedFor('<a href="/archive/page/2">More articles</a>', '/')).toBe(more);
    expect(proposedFor('<a href="/category/x">More news</a> <a href="/list?page=2">Next</a>')).toBe(
      'xpath://a[normalize-space(.)="Next"]',
    );
  });
});
