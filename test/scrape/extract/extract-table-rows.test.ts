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
      'Price new': '1',
      'Price new_unit': 'EUR',
      'Price old': '2',
      'Price old_unit': 'EUR',
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
    // A cell that would reach below its head.
    [
      '<thead><tr><th rowspan="2">A</th><th rowspan="2">B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody>',
      [
        { A: '1', B: '2' },
        { A: '3', B: '4' },
      ],
    ],
    // A cell that would reach below its body, or to its end.
    [
      '<thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td rowspan="3">1</td><td>2</td></tr><tr><td>3</td></tr></tbody><tbody><tr><td rowspan="0">4</td><td>5</td></tr></tbody><tbody><tr><td>6</td><td>7</td></tr></tbody>',
      [
        { A: '1', B: '2' },
        { A: '1', B: '3' },
        { A: '4', B: '5' },
        { A: '6', B: '7' },
      ],
    ],
    // Rows of header cells that repeat no header.
    [
      '<tr><th>A</th><th>B</th></tr><tr><td>a</td><td>1</td></tr><tr><th>Subtotal</th><th>1</th></tr><tr><th>A</th><th>B</th></tr><tr><td>b</td><td>2</td></tr>',
      [
        { A: 'a', B: '1' },
        { A: 'Subtotal', B: '1' },
        { A: 'b', B: '2' },
      ],
    ],
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
    [
      '<tr><th colspan="9999999">A</th></tr><tr><td rowspan="0">1</td></tr><tr></tr>',
      [{ A: '1' }, { A: '1' }],
    ],
    // Titles of sections reach over any table, and a cell may reach to its end.
    [
      '<tr><th>A</th><th>B</th></tr><tr><td colspan="100">South</td></tr><tr><td>1</td><td>2</td></tr><tr><td>3</td><td colspan="100">4</td></tr>',
      [
        { A: '1', B: '2' },
        { A: '3', B: '4' },
      ],
    ],
    // Below a title nothing says that a row of td is the header.
    [
      '<tr><td colspan="2">Prices</td></tr><tr></tr><tr><td>1</td><td>2</td></tr>',
      [{ 'column 1': '1', 'column 2': '2' }],
    ],
    [
      '<thead><tr><th colspan="100">Prices</th></tr></thead><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr>',
      [{ A: '1', B: '2' }],
    ],
    // A cell over fewer columns is no title.
    [
      '<tr><th>A</th><th>B</th><th>C</th></tr><tr><td>1</td><td>2</td><td>3</td></tr><tr><td colspan="2">4</td></tr>',
      [
        { A: '1', B: '2', C: '3' },
        { A: '4', B: '4', C: null },
      ],
    ],
    [
      '<tr><th>A</th><th>A 2</th><th>A</th></tr><tr><td>1</td><td>2</td><td>3</td></tr>',
      [{ A: '1', 'A 2': '2', 'A 3': '3' }],
    ],
    ['<tr><th>Name</th><th>name</th></tr><tr><td>1</td><td>2</td></tr>', [{ Name: '1', name: '2' }]],
    ['<tr><td>A</td></tr><tr><td><table><tr><td>inner</td></tr></table></td></tr>', [{ A: 'inner' }]],
  ])('%s is laid out as in a browser', (html, wanted) => {
    const { rows } = extract(`<table>${html}</table>`, 'table: table');
    expect(rows).toEqual(wanted);
  });

  it('gives units of headers over several columns and rows', () => {
    const { rows } = extract(
      PRICES.replace('rowspan="2">Weight [kg]', '>Weight').replace(
        '<th>old</th>',
        '<th>old</th><th>[kg]</th>',
      ),
      'table: {selector: "#prices", units: true}',
    );
    expect(rows[0]).toEqual({
      City: 'Berlin',
      'Price new': '1',
      'Price new_unit': 'EUR',
      'Price old': '2',
      'Price old_unit': 'EUR',
      Weight: '5',
      Weight_unit: 'kg',
    });
    const named = extract(PRICES, 'table: "#prices"\nselectors: {old: {column: price old}}');
    expect(named.rows[0]).toEqual({ old: '2' });
  });

  it('loses no value where a field of a unit or of a link is called as a column is', () => {
    const row = ['<a href="/a">1</a>', '2', '3', '4', '5'].map((cell) => `<td>${cell}</td>`).join('');
    const { rows } = extract(
      `<table><tr><th>A</th><th>A_link</th><th>B (m)</th><th>B (cm)</th><th>B_unit</th></tr><tr>${row}</tr></table>`,
      'table: {selector: table, links: true, units: true}',
    );
    expect(rows).toEqual([
      {
        A: '1',
        'A_link 2': 'http://shop.test/a',
        A_link: '2',
        B: '3',
        'B_unit 2': 'm',
        'B 2': '4',
        'B 2_unit': 'cm',
        B_unit: '5',
      },
    ]);
  });

  it('that is not there, or lacks a column, is named with what is there', () => {
    expect(extract(PRICES, 'table: "#cities"').warnings).toEqual([
      'table "#cities" matches no table on http://shop.test/list: it has table#prices (3 rows: City, Price (EUR) new, Price (EUR) old, Weight [kg])',
    ]);
    expect(extract(PRICES, 'table: "#prices"\nselectors: {w: {column: Wieght}}').warnings).toEqual([
      expect.stringContaining('has no column "Wieght", but City, Price (EUR) new'),
    ]);
    const several =
      'selectors: {w: {column: "Wieght [kg]"}, c: {column: City}, t: {column: Towns}, n: {column: Citty}}';
    expect(extract(PRICES, `table: "#prices"\n${several}`).warnings).toEqual([
      'the table on http://shop.test/list has no column "Wieght [kg]", "Towns" or "Citty", but City, Price (EUR) new, Price (EUR) old, Weight [kg]. Did you mean "Weight [kg]" and "City"?',
    ]);
    expect(
      extract(PRICES + PRICES.replace('prices', 'other'), 'table: table\nselectors: {t: {column: Towns}}')
        .warnings,
    ).toEqual([expect.stringContaining('no table on http://shop.test/list has a column "Towns", but City')]);
    expect(extract('<p>x</p>', 'table: table').warnings[0]).toContain('it has none');
  });
});
