import { expect, it } from 'vitest';
import { withRun } from '../crawl/with-run.ts';
import { noBrowserHere } from './browser-site.ts';

const { site, run, staged, traces } = withRun();

/** A page that is empty until its script has run. */
const made = (markup: string) =>
  `<!DOCTYPE html><title>page</title><div id="root"></div><script>root.innerHTML = ${JSON.stringify(markup)}</script>`;

it.skipIf(noBrowserHere !== undefined)(
  'numbered pages and the pages of their rows, all made by scripts, are shown by one browser',
  async () => {
    const names = ['a', 'b'];
    for (const [index, name] of names.entries())
      site().html(`/list/${index + 1}`, made(`<p><a href="/book/${name}">${name}</a></p>`));
    site().html('/list/3', made('<em>no more</em>'));
    site().html('/book/a', made('<b class="isbn">a-1</b><i>x</i><i>y</i>'));
    const { warnings, pages, matches } = await run(`url: "{site}/list/1"
item: p
selectors: { title: a }
follow: { selector: a, selectors: { isbn: .isbn, tags: { selector: i, multiple: true } } }
pagination: { type: page_number, url_template: "{site}/list/{page}" }
backend: browser
delays: { type: fixed, value: 0 }
`);
    expect(staged()).toEqual([
      { title: 'a', isbn: 'a-1', tags: ['x', 'y'] },
      { title: 'b', isbn: null, tags: [] },
    ]);
    expect([pages, matches]).toEqual([3, { title: 2, 'follow.selector': 2, isbn: 1, tags: 2 }]);
    expect(warnings).toEqual([expect.stringMatching(/^detail page \S+\/book\/b: .*404/)]);
    expect(traces.lines.filter((line) => /Chromium.*started/.test(line))).toHaveLength(1);
  },
);
