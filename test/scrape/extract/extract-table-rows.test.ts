import { describe, expect, it } from 'vitest';
import { extract } from './fixtures.ts';

const PRICES = `<p>Other</p><table id="prices">
  <thead><tr><th rowspan="2">City</th><th colspan="2">Price (EUR)</th><th rowspan="2">Weight [kg]</th></tr>
    <tr><th>new</th><th>old</th></tr></thead>
  <tbody>
    <tr><td rowspan="2"><a href="/c/berlin">Berlin</a></td><td>1</td><td>2</td><td>5</td></tr>
    <tr><td>3</td><td>4</td><td></td></tr>
    <tr><th colspan="4">South</th></tr>
    <tr><th>Rome</th><td colspan="2">7</td></tr>
  </tbody>
  <tfoot><tr><td>Sum</td><td>11</td><td>13</td><td>5</td></tr></tfoot></table>`;

describe('a table', () => {
  it('gives a row for each of its rows, named by the header; cells that span are in each', () => {
    const { rows, found, warnings } = extract(PRICES, 'table: "#prices"');
    expect(rows).toEqual([
      { City: 'Berlin', 'Price (EUR) new': '1', 'Price (EUR) old': '2', 'Weight [kg]': '5' },
      { City: 'Berlin', 'Price (EUR) new': '3', 'Price (EUR) old': '4', 'Weight [kg]': null },
      { City: 'Rome', 'Price (EUR) new': '7', 'Price (EUR) old': '7', 'Weight [kg]': null },
    ]);
    expect([found.item, warnings]).toEqual([3, []]);
  });

  it('gives units and links on request', () => {
    const { rows } = extract(PRICES, 'table: {selector: "#prices", links: true, units: true}');
    expect(rows[0]).toEqual({
      City: 'Berlin',
      City_link: 'http://shop.test/c/berlin',
      'Price (EUR) new': '1',
      'Price (EUR) old': '2',
      Weight: '5',
      Weight_unit: 'kg',
    });
    expect(rows[2]).toMatchObject({ City: 'Rome', City_link: null, Weight: null, Weight_unit: null });
  });

  it('gives chosen columns as typed fields, with selectors in their cells or in the row', () => {
    const { rows, matches } = extract(
      PRICES,
      `table: "#prices"
selectors:
  city: {column: city}
  link: {column: City, selector: a, attribute: href}
  weight: {column: Weight, type: integer}
  any: "td:last-child"
follow: {selector: "a", selectors: {text: p}}`,
    );
    expect(rows).toEqual([
      { city: 'Berlin', link: 'http://shop.test/c/berlin', weight: 5, any: '5' },
      { city: 'Berlin', link: 'http://shop.test/c/berlin', weight: null, any: null },
      { city: 'Rome', link: null, weight: null, any: '7' },
    ]);
    expect(matches).toMatchObject({ city: 3, link: 2 });
  });

  it.each([
    ['<tr><td>A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr>', [{ A: '1', B: '2' }]],
    [
      '<tr><th>A</th><th>A</th><th></th></tr><tr><td>1</td><td>2</td><td>3</td></tr>',
      [{ A: '1', 'A 2': '2', 'column 3': '3' }],
    ],
    [
      '<tr><th>A</th><th>B</th></tr><tr><td>1</td></tr><tr><th>A</th><th>B</th></tr><tr><td>3</td><td>4</td></tr>',
      [
        { A: '1', B: null },
        { A: '3', B: '4' },
      ],
    ],
    ['<tr><th colspan="9999999">A</th></tr><tr><td rowspan="0">1</td></tr><tr></tr>', 1_000],
    ['<tr><td>A</td></tr><tr><td><table><tr><td>inner</td></tr></table></td></tr>', [{ A: 'inner' }]],
  ])('%s is laid out as in a browser', (html, wanted) => {
    const { rows } = extract(`<table>${html}</table>`, 'table: table');
    if (typeof wanted === 'number') expect(Object.keys(rows[0] ?? {})).toHaveLength(wanted);
    else expect(rows).toEqual(wanted);
  });

  it('that is not there, or lacks a column, is named with what is there', () => {
    expect(extract(PRICES, 'table: "#cities"').warnings).toEqual([
      'table "#cities" matches no table on http://shop.test/list: it has table#prices (3 rows: City, Price (EUR) new, Price (EUR) old, Weight [kg])',
    ]);
    expect(extract(PRICES, 'table: "#prices"\nselectors: {w: {column: Wieght}}').warnings).toEqual([
      expect.stringContaining('has no column "Wieght", but City, Price (EUR) new'),
    ]);
    expect(extract('<p>x</p>', 'table: table').warnings[0]).toContain('it has none');
  });
});
