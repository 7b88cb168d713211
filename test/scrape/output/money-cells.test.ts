import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCertainNumber } from '../../../src/core/lib/certain-number.ts';
import { type MoneyCell, MoneyFormats, toMoneyCell } from '../../../src/scrape/output/excel/money-cells.ts';
import { propertyRuns } from '../../property-runs.ts';
import { ask, pythonWithOpenpyxl } from './other-programs.ts';
import { withExport } from './with-export.ts';

const { path, stage, write } = withExport();

/** The separators of a country. */
interface Separators {
  group: string;
  decimal: string;
}

const ENGLISH: Separators = { group: ',', decimal: '.' };
const FORMAT = /^(?:"(?<before>[^"]*)")?(?<whole>#,##0|0)(?:\.(?<decimals>0+))?(?:"(?<after>[^"]*)")?$/;

/** What a spreadsheet shows of a number with a format (ECMA-376, 18.8.31), as far as these formats go. */
function shown({ value, format }: MoneyCell, { group, decimal }: Separators = ENGLISH): string {
  const { before = '', whole, decimals = '', after = '' } = FORMAT.exec(format)?.groups ?? {};
  const [digits = '', fraction] = Math.abs(value).toFixed(decimals.length).split('.');
  const grouped = whole === '0' ? digits : digits.replaceAll(/\B(?=(?:\d{3})+$)/g, group);
  return `${value < 0 ? '-' : ''}${before}${grouped}${fraction === undefined ? '' : decimal + fraction}${after}`;
}

const SPACES = ['', ' ', '\u00a0'];
const SIGNS = ['£', '€', '$', 'US$', 'CA$', '¥', 'EUR', 'CHF', '₹'];
const amounts = fc.record({
  minus: fc.constantFrom('', '-'),
  sign: fc.constantFrom(...SIGNS),
  space: fc.constantFrom(...SPACES),
  isBefore: fc.boolean(),
  digits: fc.integer({ min: 1, max: 999_999_999 }).map(String),
  decimals: fc.constantFrom('', '5', '50', '05', '1234'),
  separators: fc.constantFrom<Separators>(
    ENGLISH,
    { group: '.', decimal: ',' },
    { group: '\u00a0', decimal: ',' },
    { group: "'", decimal: '.' },
    { group: '', decimal: '.' },
  ),
});

describe('an amount with its currency', () => {
  it('becomes its number, in a format that shows the text, for any currency, digits and separators', () => {
    let numbers = 0;
    fc.assert(
      fc.property(amounts, ({ minus, sign, space, isBefore, digits, decimals, separators }) => {
        const { group, decimal } = separators;
        const whole = digits.replaceAll(/\B(?=(?:\d{3})+$)/g, group);
        const figures = whole + (decimals === '' ? '' : decimal + decimals);
        const text = minus + (isBefore ? sign + space + figures : figures + space + sign);
        const cell = toMoneyCell(text);
        // Such as `£1,234`, which two countries read in two ways.
        if (parseCertainNumber(text) === undefined) return expect(cell).toBeUndefined();
        numbers += 1;
        // A spreadsheet groups digits wherever the format says so, also those that the text does not group.
        expect(cell && shown(cell, { decimal, group: group || ',' })).toBe(text);
        expect(cell?.value).toBe(parseCertainNumber(text));
      }),
      { numRuns: propertyRuns(2_000) },
    );
    expect(numbers).toBeGreaterThan(100);
  });

  it('is what any text must be to become a number', () => {
    const characters = fc.constantFrom(...'£€$ -−+.,\'"%()0123456789EURx\u00a0\n');
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 12 }), (text) => {
        const cell = toMoneyCell(text);
        if (cell === undefined) return;
        const decimal = /([.,])\d+\D*$/.exec(text)?.[1] ?? '.';
        const group = /\d([^\d])\d{3}(?!\d)/.exec(text)?.[1] ?? ',';
        expect(shown(cell, { group, decimal })).toBe(text);
      }),
      { numRuns: propertyRuns(20_000) },
    );
  });

  it.each([
    ['£66.06', 66.06, '"£"#,##0.00'],
    ['£1,066.06', 1066.06, '"£"#,##0.00'],
    ['£1066.06', 1066.06, '"£"0.00'],
    ['1.234,50 €', 1234.5, '#,##0.00" €"'],
    ['-$5', -5, '"$"#,##0'],
    ['EUR 0.123', 0.123, '"EUR "#,##0.000'],
  ])('%s is %d in the format %s', (text, value, format) => {
    expect(toMoneyCell(text)).toEqual({ value, format });
  });

  it.each([
    ['£1,234', 'it can be read in two ways'],
    ['£5 - £10', 'there are two numbers'],
    ['from £5', 'there are other words'],
    ['£-5.00', 'the minus stands inside'],
    ['−£5.00', 'a number has another minus'],
    ['-£0.00', 'a number shows no minus here'],
    ['£007', 'it has leading zeros'],
    ['£ 5 ', 'it ends with a space'],
    ['66.06', 'it has no currency, and may be a code'],
    ['12 %', 'it is no money'],
    ['£1234567890123.4567', 'it has more digits than a number holds'],
    ['', 'it is empty'],
  ])('is not "%s": %s', (text) => {
    expect(toMoneyCell(text)).toBeUndefined();
  });

  it('needs one of the first hundred formats, since a workbook has room for some 200', () => {
    const formats = new MoneyFormats();
    for (const first of 'ABCDEFGHIJ') for (const second of 'ABCDEFGHIJK') formats.note(`${first}${second}$5`);
    expect(formats.list()).toHaveLength(100);
  });
});

describe.skipIf(pythonWithOpenpyxl === undefined)('in a workbook (apt install python3-openpyxl)', () => {
  const cells = () =>
    ask(
      pythonWithOpenpyxl ?? '',
      `
import json, openpyxl, sys
sheet = openpyxl.load_workbook(sys.argv[1])['items']
print(json.dumps([[[cell.value, cell.number_format] for cell in row] for row in sheet.iter_rows(min_row=2)]))
`,
      path('out.xlsx'),
    );
  const BOOKS = [
    { title: 'Attic', price: '£66.06' },
    { title: 'Lantern', price: '£1,100.00' },
    { title: '5 books for £5', price: 'sold out' },
  ];

  it('amounts are numbers where a person asked for them, and texts in the output of a job', async () => {
    stage(BOOKS);
    await write('out.xlsx', { moneyAsNumbers: true });
    const asked = [
      [66.06, '"£"#,##0.00'],
      [1100, '"£"#,##0.00'],
      ['sold out', 'General'],
    ];
    expect(cells()).toEqual(BOOKS.map(({ title }, row) => [[title, 'General'], asked[row]]));
    await write('out.xlsx');
    expect(cells()).toEqual(
      BOOKS.map(({ title, price }) => [
        [title, 'General'],
        [price, 'General'],
      ]),
    );
  });

  it('they stay so when a job adds its rows to the file', async () => {
    stage(BOOKS.slice(0, 1));
    await write('out.xlsx', { moneyAsNumbers: true });
    stage(BOOKS.slice(1, 2));
    expect(await write('out.xlsx', { append: true })).toEqual([]);
    expect(cells()).toEqual([
      [
        ['Attic', 'General'],
        [66.06, '"£"#,##0.00'],
      ],
      [
        ['Lantern', 'General'],
        ['£1,100.00', 'General'],
      ],
    ]);
  });
});
