import { expect, it } from 'vitest';
import { checkConfig } from '../../../src/scrape/config/parse-config.ts';

/** The issues as `path: message`. */
const issuesOf = (text: string) =>
  checkConfig(`url: https://shop.example/\n${text}`, 'shop.yaml', {}).map(
    ({ path, message }) => `${path}: ${message}`,
  );

it.each([
  ['item: "json:$.results[*]"\nselectors: {id: "json:$.id", where: {page: url}}'],
  ['embedded: "script#__NEXT_DATA__"\nselectors: {id: "json:$.id", title: h1}'],
  ['item: li\nselectors: {name: h3, brand: "jsonld:Product $.brand.name"}'],
  ['item: "json:$[*]"\nselectors: {id: "json:$.id"}\nfollow: {selector: "json:$.url", selectors: {text: p}}'],
  [
    'item: "json:$[*]"\nselectors: {all: {selector: "json:$.all[*]", multiple: true, children: {a: "json:$.a"}}}',
  ],
])('%j is valid', (text) => {
  expect(issuesOf(text)).toEqual([]);
});

it.each([
  [
    'item: "json:$[*]"\nselectors: {id: "json:$.id", title: h3}',
    'selectors.title: rows are data, and "h3" selects elements',
  ],
  [
    'item: "json:$[*]"\nselectors: {id: "jsonld:$.id"}',
    'selectors.id: rows are data, and "jsonld:$.id" reads the whole page',
  ],
  [
    'item: "json:$[*]"\nselectors: {id: "json:$.id"}\nfollow: {selector: a, selectors: {t: p}}',
    'follow.selector: rows are data, and "a" selects elements',
  ],
  [
    'selectors: {id: {selector: "json:$.id", attribute: href}}',
    'selectors.id.attribute: attribute is for elements, and the selector reads data',
  ],
  [
    'item: li\nselectors: {id: {selector: div, children: {a: "json:$.a"}}}',
    'selectors.id.children.a: the parent is an element, and its children are elements in it',
  ],
  [
    'selectors: {id: {selector: "json:$.id", children: {a: h3}}}',
    'selectors.id.children.a: the parent is data, and "h3" selects elements',
  ],
  [
    'embedded: "script#a"\nselectors: {id: h1}',
    'embedded: embedded is for selectors after json:, and there is none',
  ],
  [
    'embedded: "json:$.a"\nselectors: {id: "json:$.a"}',
    'embedded: "json:$.a" reads data, and an element is needed here',
  ],
  ['selectors: {id: "$.results[0]"}', 'selectors.id: "$.results[0]" looks like JSONPath, but is read as CSS'],
  ['selectors: {id: "json:results[0]"}', 'selectors.id: "json:results[0]" has no path that begins with $'],
  [
    'selectors: {id: "json:Product $.a"}',
    'selectors.id: "Product" stands before the path, and json: has no types',
  ],
  ['selectors: {id: "json:"}', 'selectors.id: json: has no path'],
  [
    'selectors: {id: "json:$.a..b["}',
    'selectors.id: "$.a..b[" is not a JSONPath: unclosed bracketed selection at character 8',
  ],
  [
    'selectors: {id: h1}\npagination: {type: load_more, selector: "json:$.more"}',
    'pagination.selector: a browser clicks and scrolls elements, and no data',
  ],
])('%j is refused', (text, issue) => {
  expect(issuesOf(text)).toContain(issue);
});

it('a path without json: is told once', () => {
  const issues = issuesOf('item: "json:$[*]"\nselectors: {sku: "$.sku", id: "json:$.id"}');
  expect(issues).toEqual(['selectors.sku: "$.sku" looks like JSONPath, but is read as CSS']);
});
