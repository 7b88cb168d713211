import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { type Collection, compare, FOLDER, filesOf, plain, type Row, rowsOf } from './compare.ts';

/**
 * Pages of real sites, each with the JSON that people expect of it. Left out are sites whose titles they shorten, or take
 * from elsewhere.
 */
const RECIPES: Collection = {
  name: 'titles of recipes as expected, recipe-scrapers',
  folder: join(FOLDER, 'python-recipe-scrapers/tests/test_data'),
  files: /^(?!recipe-scrapers\.example|nhs\.uk|mindmegette|rutgerbakt|vegolosi|xiachufang).+\/.*\.testhtml$/,
  having: /<script[^>]*application\/ld\+json[^>]*>(?:(?!<\/script>).)*"@type"\s*:\s*\[?\s*"Recipe"/s,
  atLeast: 600,
};

const CONFIG = `item: "jsonld:Recipe $"
selectors: { title: "json:$.name" }
data_cleaning: { strip_html: true }
`;

it('the title of each recipe is the one that people expect', ({ skip }) => {
  const files = filesOf(RECIPES, skip);
  const expected = files.map((file) => [readExpected(file)['title']]);
  compare<unknown[]>(RECIPES, files, expected, (file, [title]) => {
    const wanted = comparable(title);
    const titles = rowsOf(file, 'text/html; charset=utf-8', CONFIG).map((row) => comparable(row['title']));
    // A page may show other recipes, too.
    return [[titles.includes(wanted) ? wanted : titles], [wanted]];
  });
});

function readExpected(file: string): Row {
  return JSON.parse(readFileSync(file.replace(/\.testhtml$/, '.json'), 'utf8')) as Row;
}

/** Some sites write a reference for the sign, or a text in capital letters that others show as it is read. */
function comparable(title: unknown): unknown {
  return plain(String(title).replaceAll('&amp;', '&').toLowerCase());
}
