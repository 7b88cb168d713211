import { expect, it } from 'vitest';
import { historyInConfig } from '../../../src/core/configs/config-values.ts';
import { checkConfig } from '../../../src/scrape/config/parse-config.ts';

const BASE = `url: https://shop.example/
item: li
selectors: {id: .id, price: .price, stock: .stock, seen: {page: fetched_at}}
`;

/** The issues as `line: path: message hint`. */
function issuesOf(text: string): string[] {
  return checkConfig(`${BASE}${text}`, 'shop.yaml', {}).map(({ line, path, message, hint }) =>
    `${line}: ${path}: ${message} ${hint ?? ''}`.trim(),
  );
}

it('a list or one name is allowed, with the key of changes or of the output', () => {
  expect(issuesOf('changes: {key: id}\nhistory: [price, stock]\n')).toEqual([]);
  expect(issuesOf('output: {format: sqlite, key: id}\nhistory: price\n')).toEqual([]);
});

it('without a key it is refused, at its line', () => {
  expect(issuesOf('history: [price]\n')).toEqual([
    '4: history: no key identifies a row, so its values cannot be followed from run to run Name the field that does: changes: {key: link}.',
  ]);
});

it('an unknown field is refused with the nearest one', () => {
  expect(issuesOf('changes: {key: id}\nhistory:\n  - price\n  - stok\n')).toEqual([
    '7: history[1]: there is no field "stok" Did you mean "stock"?',
  ]);
});

it.each([
  ['[id]', '"id" is the key, which never changes'],
  ['[price, price]', '"price" is named twice'],
  ['[seen]', '"seen" is the time of fetching, which every run changes'],
  ["['${FIELD}']", 'variables are not filled in here'],
  ['{price: 1}', 'expected the name of a field, or a list of names, found a map'],
  ['[]', ''],
  ['[3]', ''],
])('%s is refused', (text, message) => {
  const issues = issuesOf(`changes: {key: id}\nhistory: ${text}\n`);
  expect(issues.join('\n')).toContain(message);
  expect(issues).not.toEqual([]);
});

it('runs that have ended are read with the same rules', () => {
  expect(historyInConfig(`${BASE}changes: {key: id, ignore_case: true}\nhistory: price\n`)).toEqual({
    fields: ['price'],
    key: ['id'],
    ignore_case: true,
    ignore_whitespace: false,
  });
  expect(historyInConfig(`${BASE}history: price\n`)).toBeUndefined();
  expect(historyInConfig(`${BASE}changes: {key: id}\n`)).toBeUndefined();
});
