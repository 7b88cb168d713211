import { expect, it } from 'vitest';
import { parseExtraction } from '../../../src/scrape/config/parse-config.ts';

const YAML = `url: "\${NOT_SET_ANYWHERE}/list"
item: li
selectors: { title: h1 }
headers: { Cookie: "\${NOT_SET_ANYWHERE}" }
output: { format: json, path: "\${NOT_SET_ANYWHERE}.json" }
pagination: { type: next_button, selector: a }
data_cleaning: { convert_numbers: true }
expect: { allow_empty: true }
`;

it('accepts keys about a page, and none about where pages come from or rows go', () => {
  const { config, warnings } = parseExtraction(YAML, 'x.yaml');
  expect(warnings).toEqual([]);
  expect(config).toMatchObject({
    item: 'li',
    selectors: { title: { selector: 'h1' } },
    data_cleaning: { convert_numbers: true },
    expect: { allow_empty: true },
    // The link to the next page stands on the page.
    pagination: { type: 'next_button', selector: 'a' },
    headers: {},
  });
  expect(config.output.path).toBeUndefined();
});

it('warns of names in lists of fields that the configuration does not have, with their lines', () => {
  const text = YAML.replace('{ allow_empty: true }', '{ required_fields: [title, titles] }')
    .replace('format: json', 'key: [title, id]')
    .replace('selectors: {', 'selectors: { price: b,');
  const { warnings } = parseExtraction(text, 'x.yaml');
  expect(warnings.map(({ path, line, message }) => [path, line, message])).toEqual([
    ['expect.required_fields[1]', 8, 'there is no field "titles"'],
    ['output.key[1]', 5, 'there is no field "id"'],
  ]);
  expect(warnings[0]?.hint).toBe('Did you mean "title"?');
  expect(parseExtraction(text.replace('key: [title, id]', 'key: "${ID}"'), 'x.yaml').warnings).toHaveLength(
    1,
  );
});

it('fills in no variable, also not one that is set', () => {
  const secret = YAML.replace('h1', '".${PATH}"');
  expect(() => parseExtraction(secret, 'x.yaml')).toThrow(
    expect.objectContaining({
      code: 'invalid_config',
      issues: [
        expect.objectContaining({
          path: 'selectors.title',
          line: 3,
          message: 'variables are not filled in for a saved page',
        }),
      ],
    }),
  );
});
