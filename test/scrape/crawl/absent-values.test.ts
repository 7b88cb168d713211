import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { describeUnmatchedSelectors } from '../../../src/scrape/crawl/selector-matches.ts';
import { withRun } from './with-run.ts';

const { site, run, traces } = withRun();

const LIST =
  '<li><b>1</b><a class="n" href="/a" title="A">a</a></li><li><b>2</b><a class="n" href="/b">b</a></li>';
const warningsOf = async (yaml: string) => (await run(yaml)).warnings;

function shop() {
  site().html('/list', LIST);
  site().html('/a', '<h1 id="x">a</h1><b>more</b>');
  site().html('/b', '<h1 id="y">b</h1><b>more</b>');
}

it('says that what follow selects is no link, at each level', async () => {
  shop();
  const head = 'url: "{site}/list"\nitem: li\nselectors: {n: b}\n';
  expect(await warningsOf(`${head}follow: {selector: b, selectors: {h: h1}}\n`)).toEqual([
    'no item has a detail page: follow.selector matched 2 elements, and none is or contains a link',
  ]);
  expect(traces.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  const deeper = 'follow: {selector: a, selectors: {h: h1}, follow: {selector: b, selectors: {m: i}}}\n';
  expect(await warningsOf(head + deeper)).toContain(
    'no detail page leads to a further one: follow.follow.selector matched 2 elements, and none is or contains a link',
  );
});

it('says nothing where one row has a link', async () => {
  shop();
  site().html('/list', '<li><b>1</b><a href="/a">a</a></li><li><b>2</b><a name="x">b</a></li>');
  const yaml = 'url: "{site}/list"\nitem: li\nselectors: {n: b}\nfollow: {selector: a, selectors: {h: h1}}\n';
  expect(await warningsOf(yaml)).toEqual([]);
});

it.each([
  [
    '{selector: a, attribute: hre}',
    'v is empty in all rows: its elements (a) have no attribute hre; they have class, href, title. Did you mean href?',
  ],
  ['{selector: b, attribute: data-x}', 'v is empty in all rows: its elements (b) have no attribute data-x'],
  [
    '{selector: ":scope", attribute: href}',
    'v is empty in all rows: its elements (li) have no attribute href. The a inside has it: select it, such as selector: a',
  ],
])('names the attribute that no row has: %s', async (field, warning) => {
  shop();
  expect(await warningsOf(`url: "{site}/list"\nitem: li\nselectors: {n: b, v: ${field}}\n`)).toEqual([
    warning,
  ]);
});

it('an attribute that some rows have is no problem', async () => {
  shop();
  const yaml = 'url: "{site}/list"\nitem: li\nselectors: {n: b, t: {selector: a, attribute: title}}\n';
  expect(await warningsOf(yaml)).toEqual([]);
});

it('names the attribute that no detail page and no child has', async () => {
  shop();
  const yaml = `url: "{site}/list"
item: li
selectors: {n: b, k: {selector: a, children: {to: {selector: ":scope", attribute: data-to}, t: ":scope"}}}
follow: {selector: a, selectors: {h: {selector: h1, attribute: data-x}}}
`;
  expect(await warningsOf(yaml)).toEqual([
    expect.stringMatching(/^k\.to is empty in all rows: its elements \(a\) have no attribute data-to/),
    'h is empty in all rows: its elements (h1) have no attribute data-x; they have id',
  ]);
});

it('a cell of a table has no address, and the link in it does', async () => {
  site().html(
    '/t',
    '<table id="rivers"><tr><th>River</th></tr><tr><td><a href="/nile">Nile</a></td></tr></table>',
  );
  const yaml = (table: string) =>
    `url: "{site}/t"\ntable: "${table}"\nselectors: {r: {column: River}, to: {column: River, attribute: href}}\n`;
  expect(await warningsOf(yaml('#rivers'))).toEqual([
    'to is empty in all rows: its elements (td) have no attribute href. The a inside has it: select it, such as selector: a',
  ]);
  await expect(run(yaml('#river'))).rejects.toMatchObject({
    kind: 'no_items',
    hint: expect.stringContaining(
      'it has table#rivers (1 row: River). The selectors matched: rows of table 0',
    ),
  });
});

it('a column that is not there is said once, with the nearest one', async () => {
  site().html(
    '/t',
    '<table><tr><th>River</th><th>Length (km)</th></tr><tr><td>Nile</td><td>6650</td></tr></table>',
  );
  const yaml = 'url: "{site}/t"\ntable: table\nselectors: {r: {column: River}, l: {column: lenght (km)}}\n';
  const { warnings, matches } = await run(yaml);
  const { config } = parseConfig(yaml.replace('{site}', site().url('')), 'a.yaml');
  expect([...warnings, ...describeUnmatchedSelectors(config, { matches, misses: {} })]).toEqual([
    expect.stringMatching(
      /has no column "lenght \(km\)", but River, Length \(km\)\. Did you mean "Length \(km\)"\?$/,
    ),
  ]);
});

it('says of a detail page that is missing which selector found it', async () => {
  site().html('/list', '<li><a href="/none">a</a></li>');
  const yaml =
    'url: "{site}/list"\nselectors: {n: a}\nfollow: {selector: a, selectors: {h: h1}, on_error: fail}\n';
  await expect(run(yaml)).rejects.toMatchObject({
    hint: 'The page does not exist. Its link was found by follow.selector: check that it finds the right one.',
  });
});
