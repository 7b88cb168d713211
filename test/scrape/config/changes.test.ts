// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeRulesInConfig } from '../../../src/core/configs/config-values.ts';
import { CHANGE_KINDS, EVERY_CHANGE } from '../../../src/core/model/change-rules.ts';
import { getChangeRules } from '../../../src/scrape/config/changes.ts';
import { checkConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';

const START = `url: "https://e.com"
selectors:
  link: {selector: a, attribute: href}
  price: .price
  updated: {selector: time, type: date}
  tags: {selector: .tag, multiple: true}
  source: {page: url}
follow: {selector: a, selectors: {stock: .stock}}
`;

/** Of each issue `line:column path: message | hint`, in a configuration whose `changes` stand in line 9. */
function issues(changes: string, more = '') {
  return checkConfig(`${START}changes: ${changes}\n${more}`, 'books.yaml', {}).map(
    ({ line, column, path, message, hint, severity }) =>
      `${severity} ${line}:${column} ${path}: ${message} | ${hint ?? ''}`,
  );
}

describe('an error in changes', () => {
  it.each([
    [
      '{ignore: [views]}',
      '9:20 changes.ignore[0]: there is no field "views" | Fields: link, price, updated, tags, source, stock.',
    ],
    ['{ignore: pric}', '9:19 changes.ignore: there is no field "pric" | Did you mean "price"?'],
    ['{key: [lnik]}', '9:17 changes.key[0]: there is no field "lnik" | Did you mean "link"?'],
    ['{key: [link, stok]}', '9:23 changes.key[1]: there is no field "stok" | Did you mean "stock"?'],
    [
      '{key: link, when: {prise: {falls_by: 1}}}',
      '9:29 changes.when.prise: there is no field "prise" | Did you mean "price"?',
    ],
    [
      '{key: link, when: {price: {drops_by: 1}}}',
      '9:37 changes.when.price.drops_by: unknown key "drops_by" | Did you mean "falls_by"?',
    ],
    [
      '{key: link, when: {price: {falls_by_procent: 1}}}',
      '9:37 changes.when.price.falls_by_procent: unknown key "falls_by_procent" | Did you mean "falls_by_percent"?',
    ],
    [
      '{key: link, when: {price: {}}}',
      '9:36 changes.when.price: has no condition | Add one: {falls_by_percent: 5}. Or write "changes" for any change.',
    ],
    [
      '{key: link, when: {price: {falls_by: "5%"}}}',
      '9:47 changes.when.price.falls_by: expected a number, found "5%" | ',
    ],
    [
      '{key: link, when: {price: {falls_by: -5}}}',
      '9:47 changes.when.price.falls_by: must be more than 0 | ',
    ],
    [
      '{key: link, when: {price: {falls_by_percent: 150}}}',
      '9:55 changes.when.price.falls_by_percent: must be at most 100 | ',
    ],
    [
      '{key: link, when: {price: {becomes: [1]}}}',
      '9:46 changes.when.price.becomes: expected a text, a number, or true or false, found a list | ',
    ],
    [
      '{key: link, when: {price: 5}}',
      '9:36 changes.when.price: expected conditions such as {falls_by_percent: 5}, or "changes", found 5 | ',
    ],
    [
      '{key: link, when: {price: change}}',
      '9:36 changes.when.price: "change" is not one of changes | Did you mean "changes"?',
    ],
    [
      '{key: link, when: {updated: {falls_by: 1}}}',
      '9:39 changes.when.updated.falls_by: falls_by compares numbers, and "updated" is a date | Use becomes or contains, or "changes" for any change.',
    ],
    [
      '{key: link, when: {tags: {rises_by: 1}}}',
      'changes.when.tags.rises_by: rises_by compares numbers, and "tags" is a list',
    ],
    ['{key: link, when: {source: {rises_by: 1}}}', '"source" is an address'],
    [
      '{key: link, when: {link: changes}}',
      'changes.when.link: "link" is the key, which is the same in both runs',
    ],
    ['{key: link, ignore: price, when: {price: changes}}', 'changes.when.price: "price" is in ignore, too'],
    [
      '{key: link, only: [added], when: {price: changes}}',
      'changes.when: conditions are about changed items, which only leaves out',
    ],
    [
      '{only: [new]}',
      '9:18 changes.only[0]: "new" is not one of added, changed, removed | Did you mean "added"?',
    ],
    ['{only: []}', 'changes.only: the list is empty'],
    ['{key: 5}', 'changes.key: expected the name of a field, or a list of names, found 5'],
    ['{key: "${KEY}"}', 'changes.key: variables are not filled in here | Write the value itself.'],
    ['{trim: true}', '9:11 changes.trim: unknown key "trim" | Did you mean "ignore_whitespace"?'],
  ])('%s', (changes, said) => {
    const [first, ...others] = issues(changes).filter((issue) => !issue.includes('KEY is not set'));
    expect(first).toMatch(/^error 9:\d+ /);
    expect(first).toContain(said);
    expect(others).toEqual([]);
  });

  it('a key of changes at the top level belongs there', () => {
    expect(issues('{}', 'ignore_case: true\n')[0]).toContain(
      'unknown key "ignore_case" | It belongs under "changes".',
    );
  });
});

it('warns of rules that do something else than meant', () => {
  expect(issues('{when: {price: {falls_by: 1}}}')).toEqual([
    expect.stringContaining(
      'warning 9:11 changes.when: the values of an item are compared with those of the same item',
    ),
  ]);
  expect(issues('{when: {price: {falls_by: 1}}}', 'output: {key: link}\n')).toEqual([]);
  expect(issues('{key: link, ignore: [link]}')[0]).toContain('"link" is the key, which cannot be ignored');
  expect(issues('{key: link, ignore: [price, updated, tags, source, stock]}')).toEqual([
    expect.stringContaining('every field is ignored, so no item counts as changed'),
  ]);
});

it('the key is that of changes, else that of output, and defaults are filled in', () => {
  const rules = (more: string) => {
    const text = START + more;
    const read = getChangeRules(parseConfig(text, 'books.yaml', {}).config);
    // Comparisons of stored runs read the text without the scraper.
    expect(changeRulesInConfig(text)).toEqual(read);
    return read;
  };
  expect(rules('')).toEqual(EVERY_CHANGE);
  expect(rules('output: {key: [link, price]}\n')).toEqual({ ...EVERY_CHANGE, key: ['link', 'price'] });
  expect(rules('output: {key: link}\nchanges: {ignore: price}\n')).toMatchObject({
    key: ['link'],
    ignore: ['price'],
  });
  expect(rules('output: {key: link}\nchanges: {key: source}\n')).toMatchObject({
    key: ['source'],
    only: CHANGE_KINDS,
  });
});

it('a run and a look at it read every valid text alike', () => {
  const field = fc.constantFrom('link', 'price', 'stock');
  const amount = fc.constantFrom(0.5, 5, 100);
  const condition = fc.oneof(
    fc.constant('changes'),
    fc.record(
      { falls_by: amount, rises_by_percent: amount, becomes: fc.constantFrom('x', 1, true) },
      { requiredKeys: [] },
    ),
  );
  const changes = fc.record(
    {
      key: fc.oneof(field, fc.uniqueArray(field, { minLength: 1 })),
      ignore: fc.oneof(field, fc.uniqueArray(field, { minLength: 1 })),
      only: fc.subarray([...CHANGE_KINDS], { minLength: 1 }),
      when: fc.dictionary(field, condition, { maxKeys: 2, noNullPrototype: true }),
      ignore_case: fc.boolean(),
      ignore_whitespace: fc.boolean(),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  let valid = 0;
  fc.assert(
    fc.property(changes, fc.option(field), (written, key) => {
      const text = `${START}changes: ${JSON.stringify(written)}\noutput: ${JSON.stringify(key === null ? {} : { key })}\n`;
      if (checkConfig(text, 'books.yaml', {}).some(({ severity }) => severity === 'error')) return;
      valid += 1;
      expect(changeRulesInConfig(text)).toEqual(getChangeRules(parseConfig(text, 'books.yaml', {}).config));
    }),
    { numRuns: 100 },
  );
  expect(valid).toBeGreaterThan(10);
});

describe('output.only', () => {
  it.each([
    [
      '{only: new}',
      'error 9:16 output.only: no key identifies the rows that are known | Name the field that does: changes: {key: link}.',
    ],
    ['{only: new, key: link, append: false}', 'output.append: with only, rows are added to the file'],
    [
      '{only: new, key: link, path: a.db}',
      'output.only: only is for csv and jsonl, and the output is sqlite | sqlite knows its rows by itself',
    ],
    [
      '{only: new, key: link, format: xlsx}',
      'output.only: only is for csv and jsonl, and the output is excel',
    ],
    ['{only: news, key: link}', 'output.only: "news" is not one of new, changed | Did you mean "new"?'],
  ])('%s is refused', (output, said) => {
    const found = checkConfig(`${START}output: ${output}\n`, 'books.yaml', {}).map(
      ({ line, column, path, message, hint, severity }) =>
        `${severity} ${line}:${column} ${path}: ${message} | ${hint ?? ''}`,
    );
    expect(found).toEqual([expect.stringContaining(said)]);
  });

  it('adds to the file, with any of the two keys', () => {
    const outputOf = (more: string) => parseConfig(START + more, 'books.yaml', {}).config.output;
    expect(outputOf('output: {only: new, key: link}\n')).toMatchObject({ only: 'new', append: true });
    expect(outputOf('output: {only: changed, path: a.jsonl.gz}\nchanges: {key: link}\n')).toMatchObject({
      append: true,
    });
  });
});
