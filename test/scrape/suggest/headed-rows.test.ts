import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { getText, select } from '../../../src/scrape/extract/select.ts';
import { suggestFromPage } from '../../../src/scrape/inspector/suggest-selectors.ts';

function withText(of: (number: number) => string, count = 8): string {
  return Array.from({ length: count }, (_, at) => of(at + 1)).join('\n');
}

/** What is proposed, and what it takes of the second and the last row. */
function taken(html: string) {
  const page = loadPage(Buffer.from(html), 'text/html; charset=utf-8', 'http://shop.example/');
  const { item, fields } = suggestFromPage(page);
  const rows = select(page, item ?? 'none');
  const values = [rows[1], rows.at(-1)].map((row) =>
    Object.fromEntries(
      fields.map(({ name, selector, attribute }) => {
        const [found] = select(page, selector, row);
        return [
          name,
          found === undefined ? null : attribute ? found.attribs[attribute] : getText(found).trim(),
        ];
      }),
    ),
  );
  return { item, rows: rows.length, values };
}

describe('rows that no element holds', () => {
  it('begin with a heading and go on up to the next one', () => {
    const post = (n: number) =>
      `<h3><a href="/p${n}">Post number ${n}</a></h3><p class="when">1 May ${2000 + n}</p><p class="teaser">What it is about, number ${n}, in some words.</p>`;
    expect(taken(`<div id="content">${withText(post)}</div>`)).toMatchObject({
      item: 'h3',
      rows: 8,
      values: [2, 8].map((n) => ({
        title: `Post number ${n}`,
        when: `1 May ${2000 + n}`,
        description: `What it is about, number ${n}, in some words.`,
        link: `/p${n}`,
      })),
    });
  });

  it('may be two lines of a table, or a dt and its dd', () => {
    const story = (n: number) =>
      `<tr class="story"><td>${n}.</td><td><a class="storylink" href="/s${n}">Story number ${n}</a></td></tr><tr><td></td><td><span class="score">${n * 10} points</span> by <a class="user" href="/u${n}">user${n}</a></td></tr><tr class="spacer"></tr>`;
    expect(taken(`<table>${withText(story)}</table>`)).toMatchObject({
      item: 'tr.story',
      rows: 8,
      values: [2, 8].map((n) => ({ title: `Story number ${n}`, score: `${n * 10} points`, link: `/s${n}` })),
    });
    const paper = (n: number) =>
      `<dt><a href="/abs/${n}">arXiv:${n}</a></dt><dd><div class="list-title">A paper with the number ${n}</div><div class="authors">Author ${n}</div></dd>`;
    const { item, rows, values } = taken(`<dl>${withText(paper)}</dl>`);
    expect({ item, rows }).toEqual({ item: 'dt', rows: 8 });
    expect(Object.values(values[1] ?? {})).toEqual(
      expect.arrayContaining(['A paper with the number 8', 'Author 8', '/abs/8']),
    );
  });

  it('are not the headings of a text', () => {
    const section = (n: number) =>
      `<h2>Section ${n}</h2><p>A text about ${n}, which goes on for a while.</p>`;
    const posts = withText((n) => `<li><a href="/${n}">Other text ${n}</a> <i>by author ${n}</i></li>`, 12);
    expect(taken(`<div>${withText(section, 3)}</div><ul class="posts">${posts}</ul>`).item).toBe('li');
  });
});
