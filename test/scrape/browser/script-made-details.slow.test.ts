import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { withRun } from '../crawl/with-run.ts';
import { noBrowserHere } from './browser-site.ts';

const { site, run, staged, traces } = withRun();
const NAMES = ['a', 'b', 'c'];
const YAML = `url: "{site}/list"
item: p
selectors: { title: a }
follow: { selector: a, selectors: { isbn: .isbn, more: .more } }
delays: { type: fixed, value: 0 }
`;

function shop(page: (name: string) => string) {
  const rows = NAMES.map((name) => `<p><a href="/book/${name}">${name}</a></p>`);
  site().html('/list', rows.join(''));
  for (const name of NAMES) site().html(`/book/${name}`, page(name));
}

const written = (name: string) => `<b class="isbn"></b><script>
document.querySelector('.isbn').textContent = '${name}-1';</script>`;

it.skipIf(noBrowserHere !== undefined)(
  'pages whose rows are made by scripts are opened in a browser by default, with a warning that says why',
  async () => {
    shop(written);
    const { warnings } = await run(YAML);
    expect(staged()).toEqual(NAMES.map((name) => ({ title: name, isbn: `${name}-1`, more: null })));
    expect(warnings).toEqual([
      expect.stringMatching(
        /^fetched with a browser: .*\/book\/a has no field of follow as the server sends it, and "isbn" occurs in its scripts$/,
      ),
    ]);
    expect(traces.lines.filter((line) => /Chromium.*started/.test(line))).toHaveLength(1);
    // The second had been asked for when the first was found to be bare.
    expect(NAMES.map((name) => site().visitsOf(`/book/${name}`).length)).toEqual([1, 2, 1]);
  },
);

it('a bare page after others that had their fields is taken as it is', async () => {
  shop((name) => (name === 'a' ? '<b class="isbn">a-1</b>' : written(name)));
  const { warnings } = await run(YAML);
  expect(staged()).toMatchObject([{ isbn: 'a-1' }, { isbn: null }, { isbn: null }]);
  expect(warnings).toEqual([]);
});

it('without a browser here, the rows keep empty fields, and a warning says what is missing', async () => {
  shop(written);
  const { config } = parseConfig(YAML.replaceAll('{site}', site().url('')), 'test.yaml');
  const { warnings } = await run(YAML, { config: { ...config, browser_path: '/nowhere/chromium' } });
  expect(staged()).toMatchObject([{ isbn: null }, { isbn: null }, { isbn: null }]);
  expect(warnings).toEqual([expect.stringMatching(/no field of follow and "isbn" occurs in its scripts: /)]);
});
