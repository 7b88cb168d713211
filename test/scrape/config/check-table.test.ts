import { expect, it } from 'vitest';
import { checkConfig } from '../../../src/scrape/config/parse-config.ts';

const issuesOf = (text: string) =>
  checkConfig(`url: https://shop.example/\n${text}`, 'shop.yaml', {}).map(
    ({ path, message, hint }) => `${path}: ${message}. ${hint}`,
  );

it.each([
  'table: "#prices"',
  'table: {selector: "#prices", links: true, units: true}',
  'table: "#prices"\nselectors: {a: {column: Price, type: price}, b: td}',
])('%j is valid', (text) => {
  expect(issuesOf(text)).toEqual([]);
});

it.each([
  ['item: li', 'selectors: is missing. Add the fields to take: selectors: {title: "h1"}'],
  [
    'table: t\nitem: li',
    'item: table and item are both given. Remove item: the rows of the table are the rows.',
  ],
  [
    'selectors: {a: {column: Price}}',
    'selectors.a.column: column is for the cells of a table, and there is no table. Name the table: table: "#prices".',
  ],
  [
    'table: {selector: t, units: true}\nselectors: {a: {column: Price}}',
    'table.units: units is for tables whose header names the fields, and selectors names them. Remove it.',
  ],
  [
    'table: t\ndedupe: [price]',
    'dedupe[0]: there is no field "price". Name the columns of the table as fields: selectors: {price: {column: "Price"}}.',
  ],
])('%j is refused', (text, issue) => {
  expect(issuesOf(text)).toContain(issue);
});

it('a table that is a comment to YAML is one error', () => {
  const text = 'table: #rivers\nselectors: {a: {column: River}, b: {column: Length}}';
  expect(issuesOf(text)).toEqual([
    'table: expected a CSS selector, an XPath after xpath:, or a map with "selector", found nothing. Write a value. One that starts with # is a comment to YAML: put it in quotes.',
  ]);
});
