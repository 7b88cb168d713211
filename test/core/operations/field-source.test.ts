import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { readFieldSource } from '../../../src/core/operations/field-source.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { it } from '../../extend.ts';
import { addRun } from './add-run.ts';

const CONFIG = `url: https://shop.example/
item: li
selectors:
  title: h3
  price: {selector: .price, type: price, locale: de-DE}
  link: {selector: a, attribute: href, multiple: true}
  seen: {page: fetched_at}
  seller: {selector: .seller, children: {name: b, town: i}}
follow:
  link: a
  selectors: {isbn: .isbn}
`;

async function openRun(workspace: Workspace, used: Readonly<Record<string, string>> = {}): Promise<void> {
  await workspace.configs.write('books', CONFIG);
  addRun({ workspace }, 'abc', { items: [{ title: 'Attic' }] });
  const { folder, selectors } = runFiles(workspace.paths, 'mine', 'abc');
  mkdirSync(folder, { recursive: true });
  const found = { matched: 1, filled: 1, usual: null, stopped: false };
  const entries = Object.entries(used).map(([field, selector]) => [field, { selector, ...found }]);
  const findings = { pages: 1, items: 1, selectors: Object.fromEntries(entries) };
  writeFileSync(selectors, JSON.stringify(findings));
}

it.for([
  ['title', 'h3', ['no type']],
  ['price', '.price', ['locale de-DE', 'type price']],
  ['link', 'a', ['attribute href', 'every match', 'no type']],
  ['seen', undefined, ['the time of the fetch']],
  ['seller', '.seller', ['an object of name, town']],
  ['isbn', '.isbn', ['no type']],
] as const)(
  'says of %s which selector it has, and as what its text is read',
  async ([field, selector, details], { workspace }) => {
    await openRun(workspace);
    expect(readFieldSource(workspace, 'abc', field)).toEqual({ selector, details });
  },
);

it('names the selector that the run used, and the one that the configuration has now', async ({
  workspace,
}) => {
  await openRun(workspace, { price: '.old-price', title: 'h3', gone: '.gone' });
  expect(readFieldSource(workspace, 'abc', 'price')).toMatchObject({
    selector: '.old-price',
    selectorNow: '.price',
  });
  expect(readFieldSource(workspace, 'abc', 'title')).toEqual({ selector: 'h3', details: ['no type'] });
  expect(readFieldSource(workspace, 'abc', 'gone')).toEqual({ selector: '.gone', details: [] });
  expect(readFieldSource(workspace, 'abc', 'change')).toBeUndefined();
  expect(readFieldSource(workspace, 'nothing', 'price')).toBeUndefined();
});
