import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findElements, select } from '../../../src/scrape/extract/select.ts';
import { readNextLink } from '../../../src/scrape/pagination/next-link.ts';
import { bookListHtml, extract, pageOf } from './fixtures.ts';

const html = `<section><h2>Fiction</h2>
<div class="book"><h3><a href="/one" title="One">O…</a></h3><p class="price">£5</p><p>a</p><p>b</p></div>
<div class="book"><h3><a href="two" title="Two">T…</a></h3></div></section>
<section><h2>Travel</h2><div class="book"><h3><a href="/three" title="Three">T…</a></h3><p class="price">£7</p></div></section>`;
const yaml = (fields: string) => `item: "xpath://div[@class='book']"\nselectors:\n${fields}`;

describe('XPath', () => {
  it('finds elements, attributes and texts in each item', () => {
    const { rows, matches } = extract(
      html,
      yaml(
        `  title: "xpath:.//a/@title"\n  price: "xpath:.//p[@class='price']"\n  text: "xpath:p[2]/text()"\n  all: {selector: "xpath:p", multiple: true}\n`,
      ),
    );
    expect(rows).toEqual([
      { title: 'One', price: '£5', text: 'a', all: ['£5', 'a', 'b'] },
      { title: 'Two', price: null, text: null, all: [] },
      { title: 'Three', price: '£7', text: null, all: ['£7'] },
    ]);
    expect(matches).toEqual({ title: 3, price: 2, text: 1, all: 4 });
  });

  it('leaves the item only by an explicit axis, and never reaches the next one otherwise', () => {
    const { rows } = extract(
      html,
      yaml('  genre: "xpath:preceding-sibling::h2[1]"\n  title: "xpath://a/@title"\n'),
    );
    expect(rows).toEqual([
      { genre: 'Fiction', title: 'One' },
      { genre: 'Fiction', title: 'Two' },
      { genre: 'Travel', title: 'Three' },
    ]);
  });

  it('computes values in each item', () => {
    const { rows } = extract(
      html,
      yaml(
        '  count: "xpath:count(p)"\n  name: "xpath:upper-case(h3/a/@title)"\n  has: {selector: "xpath:exists(p)", type: boolean}\n',
      ),
    );
    expect(rows[0]).toEqual({ count: '3', name: 'ONE', has: true });
    expect(rows[1]).toEqual({ count: '0', name: 'TWO', has: false });
  });

  it('makes whole addresses of href, also when it finds the attribute itself', () => {
    const { rows } = extract(html, yaml('  link: "xpath:h3/a/@href"\n'));
    expect(rows.map(({ link }) => link)).toEqual([
      'http://shop.test/one',
      'http://shop.test/two',
      'http://shop.test/three',
    ]);
  });

  it('groups rows without an item as CSS does, computed values in each row', () => {
    const fields = 'selectors:\n  title: "xpath://h3/a/@title"\n  price: "xpath://p[@class=\'price\']"\n';
    expect(extract(html, `${fields}  count: "xpath:count(.//p)"\n`).rows).toEqual([
      { title: 'One', price: '£5', count: '3' },
      { title: 'Two', price: null, count: '0' },
      { title: 'Three', price: '£7', count: '1' },
    ]);
    expect(
      extract('<h1>a</h1><p>b</p>', 'selectors: {n: "xpath:count(//p)", t: "xpath://h1"}\n').rows,
    ).toEqual([{ n: '1', t: 'a' }]);
  });

  it('finds children in their parent only, from the page down', () => {
    const fields =
      '  book: {selector: "xpath:h3", children: {to: "xpath:a/@href", title: "xpath://a/@title", css: "a"}}\n';
    expect(extract(html, yaml(fields)).rows[2]).toEqual({
      book: { to: 'http://shop.test/three', title: 'Three', css: 'T…' },
    });
  });

  it('finds the next page by its link or its address', () => {
    const page = pageOf('<ul><li class="next"><a href="page-2.html">next</a></li></ul>');
    for (const selector of [
      'xpath://li[@class="next"]',
      'xpath://a',
      'xpath://a/@href',
      'xpath:string(//a/@href)',
    ]) {
      expect(readNextLink(page, selector)).toEqual({ url: 'http://shop.test/page-2.html' });
    }
    expect(readNextLink(page, 'xpath://b')).toMatchObject({ none: '"xpath://b" matches nothing' });
    expect(() => readNextLink(page, 'xpath://a/text() + 1')).toThrow(
      'pagination: "xpath://a/text() + 1" cannot be computed on http://shop.test/list: FORG0001',
    );
  });

  it('that cannot be computed on a page is null and counted, and the rest of the row is there', () => {
    const { rows, unread } = extract(html, yaml('  title: "xpath:h3"\n  p: "xpath:(h3, h3) + 1"\n'));
    expect(rows[0]).toEqual({ title: 'O…', p: null });
    expect(unread).toEqual([
      {
        field: 'p',
        reason: expect.stringMatching(/^cannot be computed here: .*XPTY0004/),
        count: 3,
        sample: 'xpath:(h3, h3) + 1',
      },
    ]);
  });

  it('that cannot be computed for the texts of many rows is warned about once', () => {
    const { unread } = extract(html, yaml('  p: "xpath:h3 + 1"\n'));
    const reason = expect.stringMatching(/FORG0001: Cannot cast a text to xs:double/);
    expect(unread).toEqual([{ field: 'p', reason, count: 3, sample: 'xpath:h3 + 1' }]);
  });

  it.each([
    ['contains(text(), "Next")', 'true'],
    ['string(.//i)', 'one'],
    ['normalize-space(text())', 'Next'],
    ['concat(.//i, "-", .//i[2])', 'one-two'],
    ['substring-before(text(), "xt")', ' Ne'],
    ['starts-with(.//i, "o")', 'true'],
    ['number(.//b)', '4'],
    ['lower-case(.//i)', 'one'],
    ['string-length(.//i)', '3'],
    ['translate(.//i, "o", "0")', '0ne'],
    ['fn:string-join(.//i, "+")', 'one+two'],
    ['concat(.//u, "x")', 'x'],
    ['concat(.//i, 1, .//i, 2, .//b, 3, .//b, 4)', 'one1one24344'],
    ['name(.//i)', 'i'],
    ['local-name(.//b)', 'b'],
    ['floor(.//b)', '4'],
    ['fn:contains(text(), "Next")', 'true'],
    ['contains(count(.//b), 2)', 'true'],
    ['string-length(count(.//b))', '1'],
    ['translate(.//i, .//u, "")', 'one'],
    ['substring(.//i, .//b[1] - 1)', 'e'],
    ['substring(.//i, "2")', 'ne'],
    ['string(.//i[2]/preceding-sibling::*)', 'one'],
    ['string((.//b | .//i))', 'one'],
  ])('%s takes the first of several and makes texts of numbers, as in XPath 1.0', (expression, value) => {
    const page = pageOf('<a> Next <i>one</i> page <i>two</i><b>4</b><b>5</b></a>');
    const [link] = select(page, 'a');
    expect(findElements(page, `xpath:${expression}`, link)).toMatchObject([{ text: value }]);
  });

  it('fails the run where the rows or the next page cannot be computed, as that is no end of a list', () => {
    const page = '<ul><li>4</li><li>none</li></ul>';
    expect(() => extract(page, 'item: "xpath://li[. > 3]"\nselectors: {a: ":scope"}\n')).toThrow(
      'item: "xpath://li[. > 3]" cannot be computed on http://shop.test/list: FORG0001',
    );
    const next = 'pagination: {type: next_button, selector: "xpath://li[. > 3]"}\n';
    expect(() => extract(page, `${next}selectors: {a: li}\n`)).toThrow(
      'pagination: "xpath://li[. > 3]" cannot',
    );
  });

  it('finds the link to the next page by one of its texts', () => {
    const page = pageOf('<a href="/1">Prev <i></i></a><a href="/3">Next <i></i> page</a>');
    expect(readNextLink(page, 'xpath://a[contains(text(), "Next")]')).toEqual({ url: 'http://shop.test/3' });
  });

  it('says of values that belong to no row that they do', () => {
    const { rows, unread } = extract(html, yaml('  title: "xpath:h3"\n  p: "xpath://p/string()"\n'));
    expect(rows[0]).toEqual({ title: 'O…', p: null });
    expect(unread[0]).toMatchObject({ field: 'p', reason: expect.stringContaining('start it with a dot') });
  });

  it('finds SVG and names with a prefix as they are written', () => {
    const page = pageOf(
      '<svg><linearGradient/><use xlink:href="#a"/></svg><media:thumbnail url="x"></media:thumbnail>',
    );
    const texts = (selector: string) =>
      findElements(page, selector).map((found) => ('text' in found ? found.text : found.name));
    expect(texts('xpath://svg/linearGradient')).toEqual(['linearGradient']);
    // HTML's parser takes the prefix of xlink:href away.
    expect(texts('xpath://use/@href')).toEqual(['#a']);
    expect(texts('xpath://media:thumbnail/@url')).toEqual(['x']);
  });

  it('reaches no file and no address', () => {
    for (const expression of [
      "doc('file:///etc/passwd')",
      "unparsed-text('/etc/passwd')",
      "json-doc('http://x/')",
    ]) {
      expect(() => extract(html, `selectors: {a: "xpath:${expression}"}\n`)).toThrow('there is no function');
    }
  });
});

describe('the same place by XPath and by CSS', () => {
  const PAIRS: [css: string, xpath: string][] = [
    ['*', '//*'],
    ['b', '//b'],
    ['p > b', '//p/b'],
    ['p b', '//p//b'],
    ['.x', '//*[contains(concat(" ", @class, " "), " x ")]'],
    ['[title]', '//*[@title]'],
    ['p + b', '//p/following-sibling::*[1][self::b]'],
    ['p ~ b', '//p/following-sibling::b'],
    ['b:first-child', '//b[not(preceding-sibling::*)]'],
    ['p:not([class])', '//p[not(@class)]'],
    ['i:last-child', '//i[not(following-sibling::*)]'],
    ['p, b', '//p | //b'],
    ['div:has(b)', '//div[.//b]'],
  ];
  const markup = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      fc.constantFrom('text', '<br>', '<!-- c -->', ''),
      fc
        .tuple(
          fc.constantFrom('div', 'p', 'b', 'i', 'section'),
          fc.constantFrom('', ' class="x"', ' class="y x"', ' title="t"'),
          fc.array(tie('node'), { maxLength: 4 }),
        )
        .map(([tag, attribute, children]) => `<${tag}${attribute}>${children.join('')}</${tag}>`),
    ),
  })).node;

  it('finds the same elements in the same order, on any page', () => {
    fc.assert(
      fc.property(markup, fc.constantFrom(...PAIRS), (body, [css, xpath]) => {
        const page = pageOf(body);
        expect(select(page, `xpath:${xpath}`)).toEqual(select(page, css));
      }),
      { numRuns: 300, interruptAfterTimeLimit: 8000 },
    );
  });

  it('makes the same rows of a shop', () => {
    const css = extract(
      bookListHtml(),
      'item: article\nselectors: {t: {selector: h3 a, attribute: title}, p: .price_color, l: {selector: h3 a, attribute: href}}\n',
    );
    const xpath = extract(
      bookListHtml(),
      'item: "xpath://article"\nselectors: {t: "xpath:.//h3/a/@title", p: "xpath:.//*[@class=\'price_color\']", l: "xpath:.//h3/a/@href"}\n',
    );
    // An attribute that is not there is counted, and an XPath without a match is not.
    expect(xpath).toEqual({ ...css, absent: [] });
    expect(css.absent.every(({ count }) => count === 0)).toBe(true);
    expect(xpath.rows).toHaveLength(6);
  });
});
