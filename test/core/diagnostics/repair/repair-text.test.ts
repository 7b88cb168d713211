import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repairText } from '../../../../src/core/diagnostics/repair/repair-text.ts';
import { parseJobText } from '../../../../src/core/jobs/job-text.ts';

const NIGHTLY = process.env['QS_RUNS'] === undefined ? 1 : 10;
const about = {
  id: 'mine',
  file: 'mine.json',
  configs: ['news', 'books'],
  isHistoric: (id: string) => id === 'old' || id === 'mine' || id === 'copied',
  hasFile: (id: string) => id === 'copied' || id === 'mine',
};
const DAILY = '"schedule":{"type":"daily","time":"09:00"}';

function repaired(text: string): Record<string, unknown> | string {
  const found = repairText(text, about);
  if (found.kind !== 'repairable') return found.kind;
  return JSON.parse(found.text);
}

/** A field of the repaired job, given as `"name":value` in a file that is well otherwise. */
function field(member: string): unknown {
  const job = repaired(`{"config_name":"news",${DAILY},${member}}`);
  return typeof job === 'string' ? job : Object.values(job).at(-1);
}

function schedule(text: string): unknown {
  const job = repaired(`{"config_name":"news","schedule":${text}}`);
  return typeof job === 'string' ? job : job['schedule'];
}

describe('spellings of JSON', () => {
  it.each([
    ['a byte order mark', `\uFEFF{"config_name":"news",${DAILY}}`],
    ['a comma at the end', `{"config_name":"news",${DAILY},}`],
    ['commas too many', `{,"config_name":"news",,${DAILY}}`],
    ['a missing comma at the end of a line', `{"config_name":"news"\n${DAILY}}`],
    ['comments', `{// one\n"config_name":"news",/* two */${DAILY}}//three`],
    ['names without quotes', `{config_name:"news",${DAILY}}`],
    ['single quotes', `{'config_name':'news',${DAILY}}`],
  ])('mends %s', (_, text) => {
    expect(repaired(text)).toEqual({ config_name: 'news', schedule: { type: 'daily', time: '09:00' } });
  });

  it('mends Python’s words, quotes within quotes and tabs', () => {
    expect(
      repaired(
        `{'config_name':'news',${DAILY},'enabled':False,'on_success':None,'description':'say "it\\'s"\there'}`,
      ),
    ).toMatchObject({ enabled: false, on_success: null, description: 'say "it\'s"\there' });
  });

  it.each([
    ['an end too early', `{"config_name":"news",${DAILY}`],
    ['text after the end', `{"config_name":"news",${DAILY}} x`],
    ['a field twice', `{"config_name":"news","config_name":"books",${DAILY},}`],
    ['a string over two lines', `{"config_name":"ne\nws",${DAILY}}`],
    ['a missing comma within a line', `{"config_name":"news" ${DAILY}}`],
    ['marks of a merge', `<<<<<<< a\n{"config_name":"news",${DAILY}}`],
    ['an array', `[{"config_name":"news",${DAILY}}]`],
    ['nothing', ''],
    ['NUL characters', '\0\0\0\0'],
  ])('leaves %s alone, and says where', (_, text) => {
    const found = repairText(text, about);
    expect(found).toMatchObject({ kind: 'beyond' });
    if (found.kind === 'beyond') expect(found.flaws[0]?.message).not.toBe('');
  });
});

describe('fields', () => {
  it.each([
    ['"max_retries":"3"', 3],
    ['"maxRetries":5', 5],
    ['"Max-Retries":"5"', 5],
    ['"enabled":"true"', true],
    ['"enabled":"no"', false],
    ['"timeout":"5m"', 300],
    ['"timeout":"90 s"', 90],
    ['"retry_delay":"1h"', 3600],
    ['"tags":"a"', ['a']],
    ['"overlap":"Cancel-Running"', 'cancel_running'],
    ['"output_format":"CSV"', 'csv'],
    ['"output_format":"JSON Lines"', 'jsonl'],
    ['"output_format":".XLSX"', 'excel'],
    ['"on_success":""', null],
    ['"description":7', '7'],
    ['"expect":{"minItems":"5"}', { min_items: 5 }],
    ['"expect":{"required_fields":"title"}', { required_fields: ['title'] }],
    ['"revision":"4"', 4],
    ['"id":"copied"', 'mine'],
    ['"id":"Mine"', 'mine'],
    ['"id":7', 'mine'],
  ])('%s becomes %o', (member, value) => expect(field(member)).toEqual(value));

  it.each(['"jitter":null', '"revision":null', '"created_at":null'])('%s goes', (member) => {
    expect(repaired(`{"config_name":"news",${member},${DAILY}}`)).toEqual({
      config_name: 'news',
      schedule: { type: 'daily', time: '09:00' },
    });
  });

  it.each([
    '"max_retries":"many"',
    '"max_retries":2.5',
    '"timeout":null',
    '"timeout":"5 weeks"',
    '"enabled":"1"',
    '"id":"old"',
    '"on_success":3',
    '"revision":0',
    '"schema_version":"7"',
    '"created_at":"yesterday"',
  ])('%s is left alone: it could mean more than one thing', (member) => expect(field(member)).toBe('beyond'));

  it.each([
    ['"News"', 'news'],
    ['"news.yaml"', 'news'],
    ['"configs/news.yml"', 'news'],
    ['"No Such"', 'beyond'],
  ])('config_name %s becomes %s', (name, value) => {
    const job = repaired(`{"config_name":${name},${DAILY}}`);
    expect(typeof job === 'string' ? job : job['config_name']).toBe(value);
  });
});

describe('schedules', () => {
  it.each([
    ['{"type":"daily","time":"9:00"}', { type: 'daily', time: '09:00' }],
    ['{"type":"Daily","time":"9.30 pm"}', { type: 'daily', time: '21:30' }],
    ['{"type":"daily","time":"12am","tz":"UTC"}', { type: 'daily', time: '00:00', timezone: 'UTC' }],
    ['{"type":"daily","time":"09:00:00","timezone":null}', { type: 'daily', time: '09:00' }],
    ['{"type":"daily","time":"09:00","day_of_week":null,"minute":null}', { type: 'daily', time: '09:00' }],
    [
      '{"type":"weekly","dayOfWeek":"Sunday","time":"09:00"}',
      { type: 'weekly', day_of_week: 6, time: '09:00' },
    ],
    ['{"type":"weekly","day":"mon","time":"09:00"}', { type: 'weekly', day_of_week: 0, time: '09:00' }],
    ['{"type":"monthly","day":"31","time":"09:00"}', { type: 'monthly', day_of_month: 31, time: '09:00' }],
    ['{"type":"hourly","minute":"15"}', { type: 'hourly', minute: 15 }],
    ['{"type":"once","date":"2027/1/5","time":"9:00"}', { type: 'once', date: '2027-01-05', time: '09:00' }],
    ['{"type":"cron","expression":"0 9 * * *"}', { type: 'custom', cron_expression: '0 9 * * *' }],
    ['{"cron":"@daily"}', { type: 'custom', cron_expression: '@daily' }],
    ['"0 9 * * 1-5"', { type: 'custom', cron_expression: '0 9 * * 1-5' }],
  ])('%s becomes %o', (text, value) => expect(schedule(text)).toEqual(value));

  it.each([
    '{"type":"daily","time":"25:00"}',
    '{"type":"daily","time":"9"}',
    '{"type":"daily","time":"13 pm"}',
    '{"type":"weekly","day_of_week":7,"time":"09:00"}',
    '{"type":"weekly","day_of_week":"t","time":"09:00"}',
    '{"type":"once","date":"05.01.2027","time":"09:00"}',
    '{"type":"daily","time":"09:00","minute":5}',
    '{"type":"daily","time":"09:00","timezone":"Berlin"}',
    '{"time":"09:00"}',
    '"daily"',
  ])('%s is left alone', (text) => expect(schedule(text)).toBe('beyond'));
});

it('touches no file of a newer version, and none that is well', () => {
  expect(repaired(`{"schema_version":99,"configName":"news",${DAILY}}`)).toBe('newer');
  expect(repaired(`{"config_name":"news",${DAILY},"note":"mine"}`)).toBe('fine');
});

it('keeps to the letter what it has no reason to change', () => {
  const text = `{\r\n\t"big": 12345678901234567890, "n": 1.50,\r\n  "config_name": "news",\r\n  ${DAILY},\r\n  "timeout": "5m"\r\n}\r\n`;
  const found = repairText(text, about);
  expect(found).toMatchObject({ kind: 'repairable', text: text.replace('"5m"', '300') });
  if (found.kind === 'repairable') expect(found.flaws).toMatchObject([{ line: 5, column: 14 }]);
});

/** Texts between a good job and nonsense. */
const unknown = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }).map((name) => `x-${name}`),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 3 },
);
const odd = fc.constantFrom<unknown>(
  '3',
  '5m',
  null,
  true,
  'yes',
  '',
  'News',
  'news',
  7,
  [],
  {},
  '9:00',
  'mon',
);
const member = fc.tuple(
  fc.constantFrom(
    'config_name',
    'configName',
    'schedule',
    'max_retries',
    'maxRetries',
    'enabled',
    'tags',
    'timeout',
    'id',
    'expect',
    'revision',
  ),
  odd,
);
const plan = fc.record({
  schedule: fc.constantFrom<unknown>(
    { type: 'daily', time: '9:00' },
    { type: 'Weekly', day: 'mon', time: '09:00' },
    '@daily',
  ),
  members: fc.array(member, { maxLength: 3 }),
  unknown,
});
const damage = fc.record({
  at: fc.nat(400),
  how: fc.constantFrom('none', ',', '\n', '// c\n', '"', "'", '}', '{', '\uFEFF', ' '),
  cut: fc.nat(3),
});

it('never writes what does not validate, loses no unknown field, and has nothing more to do afterwards', () => {
  let repairs = 0;
  fc.assert(
    fc.property(plan, damage, ({ schedule: when, members, unknown: extra }, { at, how, cut }) => {
      const good = JSON.stringify(
        { config_name: 'news', schedule: when, ...Object.fromEntries(members), ...extra },
        null,
        1,
      );
      const text = how === 'none' ? good : good.slice(0, at) + how + good.slice(at + cut);
      const found = repairText(text, about);
      if (found.kind !== 'repairable') return;
      repairs += 1;
      const parsed = parseJobText(found.text, { id: 'mine', file: 'mine.json', modifiedAt: 0 }, undefined);
      expect(parsed.kind).toBe('valid');
      expect(repairText(found.text, about).kind).toBe('fine');
      if (how !== 'none' || parsed.kind !== 'valid') return;
      for (const [key, value] of Object.entries(extra)) {
        expect(Object.hasOwn(parsed.extra, key) && JSON.stringify(parsed.extra[key])).toBe(
          JSON.stringify(value),
        );
      }
    }),
    { numRuns: 2_000 * NIGHTLY },
  );
  expect(repairs).toBeGreaterThan(100);
});
