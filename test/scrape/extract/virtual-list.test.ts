import { expect, it } from 'vitest';
import { select } from '../../../src/scrape/extract/select.ts';
import { describeVirtualList } from '../../../src/scrape/extract/virtual-list.ts';
import { pageOf } from './fixtures.ts';

const noteOf = (html: string, selector = '.row') => {
  const page = pageOf(html);
  return describeVirtualList(page, select(page, selector));
};
const four = (row: (n: number) => string) => [0, 1, 2, 3].map(row).join('');

it.each([
  [
    'rows that are placed in a high box',
    `<div style="height: 3000px; position: relative">${four((n) => `<div class="row" style="position: absolute; top: ${n * 30}px; height: 30px">x</div>`)}</div>`,
  ],
  [
    'rows that are moved there',
    `<ul style="height:4000px"><!-- -->${four((n) => `<li style="transform: translateY(${200 + n * 40}px)"><b class="row">x</b></li>`)}</ul>`,
  ],
  [
    'rows that say how many there are',
    `<ul>${four((n) => `<li class="row" aria-setsize="100" aria-posinset="${n + 1}">x</li>`)}</ul>`,
  ],
  [
    'a table that says so',
    `<table aria-rowcount="100"><tbody>${four(() => '<tr class="row"><td>x</td></tr>')}</table>`,
  ],
])('a list that keeps only visible rows is warned about: %s', (_, html) => {
  expect(noteOf(html)).toMatch(/its list seems to have 100 rows, and 4 are on the page/);
});

it.each([
  ['plain rows', `<ul>${four(() => '<li class="row">x</li>')}</ul>`],
  [
    'all rows, placed',
    `<div style="height: 120px">${four((n) => `<div class="row" style="position: absolute; top: ${n * 30}px">x</div>`)}</div>`,
  ],
  [
    'a picture gallery, in one line',
    `<div style="height: 900px">${four((n) => `<div class="row" style="position: absolute; top: 0px; left: ${n * 30}px">x</div>`)}</div>`,
  ],
  ['as many as are told', `<ul>${four(() => '<li class="row" aria-setsize="4">x</li>')}</ul>`],
  ['a total that nobody knows', `<ul>${four(() => '<li class="row" aria-setsize="-1">x</li>')}</ul>`],
  ['no row', '<p>x</p>'],
])('any other list is not: %s', (_, html) => {
  expect(noteOf(html)).toBeUndefined();
});
