import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repairText } from '../../../../src/core/diagnostics/repair/repair-text.ts';
import { parseJobText } from '../../../../src/core/jobs/job-text.ts';

const NIGHTLY = process.env['QS_RUNS'] === undefined ? 1 : 10;
const about = {
  id: 'mine',
  file: 'mine.json',
  hasFile: (id: string) => id === 'copied' || id === 'mine',
};
const DAILY = '"schedule":{"type":"daily","time":"09:00"}';

function repaired(text: string): Record<string, unknown> | string {
  const found = repairText(text, about);
  if (found.kind !== 'repairable') return found.kind;
  return JSON.parse(found.text);
}

function flaws(text: string) {
  const found = repairText(text, about);
  return found.kind === 'repairable' || found.kind === 'beyond' ? found.flaws : [];
}

describe('what can mean one thing alone', () => {
  it.each([
    ['a byte order mark', `\uFEFF{"config_name":"news",${DAILY}}`],
    ['a comma at the end', `{"config_name":"news",${DAILY},}`],
    ['a comma before a comment at the end', `{"config_name":"news",${DAILY}, // last\n}`],
    ['comments', `{// one\n"config_name":"news",/* two */${DAILY}}//three`],
    ['all of them', `\uFEFF{// one\n"config_name":"news",${DAILY},}`],
  ])('%s goes', (_, text) => {
    expect(repaired(text)).toEqual({ config_name: 'news', schedule: { type: 'daily', time: '09:00' } });
  });

  it('is a comma in a list too, and no comma or comment within a string', () => {
    expect(repaired(`{"config_name":"news",${DAILY},"tags":["a,]",],"description":"// ,}"}`)).toMatchObject({
      tags: ['a,]'],
      description: '// ,}',
    });
  });

  it('is the id of a copied file', () => {
    expect(repaired(`{"id":"copied","config_name":"news",${DAILY}}`)).toMatchObject({ id: 'mine' });
    expect(flaws(`{\n "id": "copied","config_name":"news",${DAILY}}`)).toEqual([
      {
        message: 'the id "copied" is that of another file: this copy is "mine" by its name',
        line: 2,
        column: 8,
      },
    ]);
  });
});

describe('leaves decisions to a person and names their location', () => {
  it.each([
    ['an end too early', `{"config_name":"news",${DAILY}`, 65],
    ['text after the end', `{"config_name":"news",${DAILY}} x`, 67],
    ['a string over two lines', `{"config_name":"ne\nws",${DAILY}}`, 19],
    ['a missing comma', `{"config_name":"news" ${DAILY}}`, 23],
    [
      'a missing comma at the end of a line',
      `{"config_name":"news",${DAILY},\n"tags":[]\n"enabled":true}`,
      1,
    ],
    ['two commas', `{"config_name":"news",,${DAILY}}`, 23],
    ['a comma at the beginning', `{,"config_name":"news",${DAILY}}`, 2],
    ['a name without quotes', `{config_name:"news",${DAILY}}`, 2],
    ['single quotes', `{'config_name':'news',${DAILY}}`, 2],
    ['Python’s words', `{"config_name":"news",${DAILY},"enabled":False}`, 76],
    ['marks of a merge', `<<<<<<< a\n{"config_name":"news",${DAILY}}`, 1],
    ['an array', `[{"config_name":"news",${DAILY}}]`, undefined],
    ['nothing', '', 1],
    ['NUL characters', '\0\0\0\0', 1],
    ['a comment that separates two numbers', `{"config_name":"news",${DAILY},"keep_runs":1/* was 5 */2}`, 90],
    ['a comment without an end', `{"config_name":"news",${DAILY}} /* x`, undefined],
    ['a number in quotes', `{"config_name":"news","max_retries":"3",${DAILY}}`, 23],
    ['a span of time', `{"config_name":"news","timeout":"5m",${DAILY}}`, 23],
    ['another spelling of a format', `{"config_name":"news","output_format":".XLSX",${DAILY}}`, 23],
    ['an id that no file has', `{"id":"old","config_name":"news",${DAILY}}`, 2],
    ['a time without its zero', '{"config_name":"news","schedule":{"type":"daily","time":"9:00"}}', 50],
    ['a schedule that is a cron expression', '{"config_name":"news","schedule":"0 9 * * 1-5"}', 23],
  ])('%s', (_, text, column) => {
    const found = repairText(text, about);
    expect(found).toMatchObject({ kind: 'beyond' });
    const [first] = flaws(text);
    expect(first?.message).not.toBe('');
    if (column !== undefined) expect(first?.column).toBe(column);
  });

  it('a field that stands twice, once the file would be changed', () => {
    const twice = `{"config_name":"news","config_name":"books",${DAILY}}`;
    expect(repaired(twice)).toBe('fine');
    expect(flaws(twice.replace(/\}$/, ',}'))).toEqual([
      { message: '"config_name" stands twice: keep one', line: 1, column: 23 },
    ]);
    expect(repaired(`{"config_name":"news",${DAILY},"x":[{"a":1,"a":2}],}`)).toBe('beyond');
  });

  it('a misspelt field, with what may be meant', () => {
    expect(flaws(`{\n"configName":"news",${DAILY}}`)).toEqual([
      { message: expect.stringContaining('config_name: missing') },
      { message: '"configName" is not a field; did you mean "config_name"?', line: 2, column: 1 },
    ]);
  });

  it('locations are those of the file, even after removals before them', () => {
    const text = `{ /* a\n b */ "config_name": "news", // c\n  "schedule": oops,\n}`;
    expect(flaws(text)).toMatchObject([{ line: 3, column: 15 }]);
    expect(flaws(`\uFEFF{"id":"copied","priority":"x",${DAILY},"config_name":"news",}`)).toMatchObject([
      { message: expect.stringContaining('priority'), line: 1, column: 17 },
    ]);
  });
});

it('touches no file of a newer version, and none that is well', () => {
  expect(repaired(`{"schema_version":99,"configName":"news",${DAILY}}`)).toBe('newer');
  expect(repaired(`{"schema_version":99,"config_name":"news",${DAILY},}`)).toBe('newer');
  expect(repaired(`{"config_name":"news",${DAILY},"note":"mine"}`)).toBe('fine');
});

it('keeps every character that it has no reason to change', () => {
  const text = `{\r\n\t"big": 12345678901234567890, "n": 1.50,\r\n  "config_name": "news",\r\n  ${DAILY},\r\n}\r\n`;
  const found = repairText(text, about);
  expect(found).toMatchObject({ kind: 'repairable', text: text.replace(',\r\n}', '\r\n}') });
  if (found.kind === 'repairable') expect(found.flaws).toMatchObject([{ line: 4, column: 45 }]);
});

/** Texts between a good job and nonsense. */
const unknown = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }).map((name) => `x-${name}`),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 3 },
);
const members = fc.record(
  {
    id: fc.constantFrom('copied', 'mine', 'old'),
    max_retries: fc.constantFrom<unknown>(3, '3'),
    tags: fc.constantFrom<unknown>(['a,', '//b'], [], 'a'),
    description: fc.string(),
  },
  { requiredKeys: [] },
);
const damage = fc.record({
  at: fc.nat(300),
  how: fc.constantFrom('none', ',', '\n', '// c\n', '/* , */', '"', "'", '}', '{', '\uFEFF', ' '),
  cut: fc.nat(3),
  comma: fc.boolean(),
});

it('never writes what does not validate, loses no field, and has nothing more to do afterwards', () => {
  let repairs = 0;
  fc.assert(
    fc.property(members, unknown, damage, (own, extra, { at, how, cut, comma }) => {
      const job = { config_name: 'news', schedule: { type: 'daily', time: '09:00' }, ...own, ...extra };
      const whole = JSON.stringify(job, null, 1);
      const good = comma ? whole.replace(/\n\}$/, ',\n}') : whole;
      const text = how === 'none' ? good : good.slice(0, at) + how + good.slice(at + cut);
      const found = repairText(text, about);
      if (found.kind !== 'repairable') return;
      repairs += 1;
      const parsed = parseJobText(found.text, { id: 'mine', file: 'mine.json', modifiedAt: 0 }, undefined);
      expect(parsed.kind).toBe('valid');
      expect(repairText(found.text, about).kind).toBe('fine');
      if (how !== 'none') return;
      expect(JSON.parse(found.text)).toEqual({ ...JSON.parse(whole), ...(own.id && { id: 'mine' }) });
    }),
    { numRuns: 2_000 * NIGHTLY },
  );
  expect(repairs).toBeGreaterThan(100);
});
