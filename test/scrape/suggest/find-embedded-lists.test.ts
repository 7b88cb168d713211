import { describe, expect, it } from 'vitest';
import { findEmbeddedLists, isShown } from '../../../src/scrape/suggest/find-embedded-lists.ts';
import { pageOf } from '../extract/fixtures.ts';

const lamps = Array.from({ length: 8 }, (_, at) => ({ id: at, name: `Lamp number ${at}`, price: at * 2 }));
const json = JSON.stringify({ props: { pageProps: { menu: [{ a: 1 }], lamps } } });

describe('lists in the scripts of a page', () => {
  it.each([
    [`<script id="__NEXT_DATA__" type="application/json">${json}</script>`, 'script#__NEXT_DATA__'],
    [`<script type="application/json" data-state>${json}</script>`, 'script[data-state]'],
    [`<script type="application/json">${json}</script>`, 'script[type="application/json"]'],
    [
      `<script>window.__INITIAL_STATE__ = ${json}; start();</script>`,
      'xpath://script[contains(., "__INITIAL_STATE__")]',
    ],
  ])('%s is found by %s', (script, embedded) => {
    const [first, ...others] = findEmbeddedLists(pageOf(`${script}<script>let a = 1;</script>`));
    expect(others).toEqual([]);
    expect(first).toMatchObject({ embedded, path: '$.props.pageProps.lamps[*]' });
    expect(first?.fields.map(({ name }) => name)).toEqual(['id', 'name', 'price']);
  });

  it('are not settings, menus, what no selector finds, or what search engines read', () => {
    const twice = `<script type="application/json">${json}</script>`.repeat(2);
    const menu = `<script type="application/json">${JSON.stringify({ menu: lamps.map(({ name }) => ({ name })) })}</script>`;
    const ld = `<script type="application/ld+json">${json}</script>`;
    for (const html of [twice, menu, ld, `<script type="application/json">{broken ${json}</script>`])
      expect(findEmbeddedLists(pageOf(html))).toEqual([]);
  });

  it('are shown by a page that says their texts', () => {
    const [list] = findEmbeddedLists(pageOf(`<script type="application/json">${json}</script>`));
    if (list === undefined) throw new Error('no list');
    expect(isShown(list, lamps.map(({ name }) => name).join(' '))).toBe(true);
    expect(isShown(list, 'Lamp number 1 and others')).toBe(false);
  });
});
