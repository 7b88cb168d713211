import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { select } from '../../../src/scrape/extract/select.ts';
import { writeCleanSource } from '../../../src/scrape/view/clean-source.ts';
import { writeReadableText } from '../../../src/scrape/view/readable-text.ts';

function pageOf(html: string, type = 'text/html; charset=utf-8') {
  return loadPage(Buffer.from(html), type, 'https://a.example/', { scripted: true });
}

function sourceOf(html: string): string {
  const page = pageOf(html);
  return writeCleanSource(select(page, 'body')[0] ?? never(), page.isXml);
}

function never(): never {
  throw new Error('no body');
}

it('the readable text is that of the main part, with links, headings, lists and rows', () => {
  const { text, notes } = writeReadableText(
    pageOf(
      '<nav>Menu</nav><main id="m"><h2>News</h2><p>One <a href="/a">story</a>\n of   many.<ul><li>x<li>y</ul>' +
        '<table><tr><td>a<td>b</table><p hidden>secret<script>x()</script></main><footer>Foot</footer>',
    ),
  );
  expect(text).toBe('## News\nOne story </a> of many.\n- x\n- y\na | b');
  expect(notes).toEqual([
    expect.stringContaining('main#m, the main part; near: "body"'),
    expect.stringContaining('1 hidden element is left out'),
  ]);
});

it('the readable text of a page without a main part leaves out what surrounds it', () => {
  const { text, notes } = writeReadableText(pageOf('<header>Top</header><p>Text</p><footer>Foot</footer>'));
  expect(text).toBe('Text');
  expect(notes).toEqual([expect.stringContaining('without nav, header, footer and aside')]);
});

it('the cleaned source has no scripts, styles, drawings, comments, files or long values', () => {
  const source = sourceOf(
    `<div class="a" style="color: red" onclick="x()"><!-- note --><script>x()</script><style>a{}</style><svg><path d="M0"/></svg>` +
      `<img src="data:image/png;base64,iVBORw0" alt="A &quot;picture&quot;"><a href="/${'x'.repeat(500)}">go</a></div><p style="display:none">hid</p>`,
  );
  expect(source).not.toMatch(/note|x\(\)|M0|iVBORw0|color|onclick/);
  expect(source).toContain('<img src="data:image/png…" alt="A &quot;picture&quot;">');
  expect(source).toContain('<p style="display:none">hid</p>');
  expect(source.length).toBeLessThan(500);
});

it('the cleaned source of any page has the same elements and texts, apart from what it leaves out', () => {
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('one', 'two &amp; <b>3</b>', 'a  b'),
      fc
        .tuple(
          fc.constantFrom('div', 'ul', 'li', 'span', 'section', 'em'),
          fc.array(tie('node'), { maxLength: 4 }),
        )
        .map(([tag, inner]) => `<${tag} title="a &lt; &quot;b&quot;">${inner.join('')}</${tag}>`),
    ),
  }));
  fc.assert(
    fc.property(fc.array(tree.node, { maxLength: 6 }), (nodes) => {
      const html = nodes.join('');
      const [before, after] = [pageOf(html), pageOf(sourceOf(html))];
      const shape = (page: ReturnType<typeof pageOf>) =>
        select(page, 'body *').map(({ name, attribs }) => [name, attribs['title']]);
      expect(shape(after)).toEqual(shape(before));
      const words = (page: ReturnType<typeof pageOf>) => page.$('body').text().replaceAll(/\s+/g, '');
      expect(words(after)).toBe(words(before));
    }),
  );
});

it('a page that is nested 10,000 levels deep has a text and a source', () => {
  const html = `${'<div>'.repeat(10_000)}deep`;
  expect(writeReadableText(pageOf(html)).text).toBe('deep');
  expect(sourceOf(html)).toContain('deep');
});
