import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOutputPath, renderOutputPath } from '../../../src/core/model/output-path.ts';

const values = {
  at: new Date('2026-11-25T23:05:09Z'),
  timezone: 'Europe/Berlin',
  jobId: 'prices-k3f9',
  runId: 'abc',
  configName: 'prices',
};

describe('an output path', () => {
  it.each([
    ['{date}', '2026-11-26'],
    ['{time}', '00-05-09'],
    ['{datetime}', '2026-11-26_00-05-09'],
    ['{timestamp}', String(Date.parse('2026-11-25T23:05:09Z') / 1000)],
    ['{job_id}/{run_id}/{config_name}.csv', 'prices-k3f9/abc/prices.csv'],
    ['plain.csv', 'plain.csv'],
  ])('fills %s from the scheduled instant in the job’s zone', (template, expected) => {
    expect(renderOutputPath(template, values)).toBe(expected);
  });

  it.each([
    '{dat}',
    '{}',
    '{Date}',
    'a{date',
    'a}b',
    '{{date}',
    '',
    '  ',
    'a\0b',
    '..',
    '../x.csv',
    'a/../../x.csv',
    './../{date}.csv',
  ])('is refused when it is %j', (template) => {
    expect(() => checkOutputPath(template)).toThrowError(
      expect.objectContaining({ code: 'invalid_params', field: 'output_path' }),
    );
  });

  it.each([
    ['x\u001b[2J.csv', 'U+001B'],
    ['a\tb.csv', 'U+0009'],
    ['a\nb.csv', 'U+000A'],
    ['a\u0085b.csv', 'U+0085'],
    ['a\u202egnp.csv', 'U+202E'],
    ['a\u200bb.csv', 'U+200B'],
    ['a\u{e0041}b.csv', 'U+E0041'],
    ['a\ud800b.csv', 'U+D800'],
    ['C:\\data\\x.csv', 'a path of Windows'],
    ['c:x.csv', 'a path of Windows'],
    ['\\\\server\\share\\x.csv', 'a path of Windows'],
    ['a\\b.csv', 'a backslash'],
    ['~/.bashrc', 'only a shell'],
    ['~', 'only a shell'],
    ['CON', 'a device'],
    ['nul.csv', 'a device'],
    ['out/Com1.tar.gz', 'a device'],
    ['/data/LPT9 .csv', 'a device'],
    ['aux/x.csv', 'a device'],
    ['-rf', 'an option'],
    ['a/-x.csv', 'an option'],
    ['/data/-x.csv', 'an option'],
    ['x\u3164.csv', 'U+3164'],
    ['x\u2800.csv', 'U+2800'],
    ['prices.csv.', 'ends in a dot'],
    ['prices ', 'a space'],
    [' prices.csv', 'a space'],
    ['2026./x.csv', 'ends in a dot'],
    ['a/ b/x.csv', 'a space'],
    ['a/.../x.csv', 'ends in a dot'],
    ['prices/', 'a folder'],
    ['/data/.', 'a folder'],
    ['.', 'a folder'],
    [`${'x'.repeat(252)}.csv`, '256 bytes'],
    [`${'é'.repeat(130)}/x.csv`, '260 bytes'],
  ])('is refused in words when it is %j', (template, why) => {
    const error = expect.objectContaining({ code: 'invalid_params', message: expect.stringContaining(why) });
    expect(() => checkOutputPath(template)).toThrowError(error);
  });

  it.each([
    'preise/größe 10.csv',
    '价格.csv',
    'قیمت\u200cها.csv',
    'console.csv',
    'com10.csv',
    'a-b_{date}.csv',
    'a/~b.csv',
    '/mnt/-old/x.csv',
    './x.csv',
    'a/../x.csv',
    'a//b..csv',
    '.prices/.x.csv',
    `${'x'.repeat(251)}.csv`,
  ])('may be %j', (template) => {
    expect(() => checkOutputPath(template)).not.toThrow();
  });

  it('says no control character again in its error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (template) => {
        try {
          checkOutputPath(template);
          renderOutputPath(template, values);
        } catch (error) {
          expect((error as Error).message).not.toMatch(/\p{Cc}/u);
          return;
        }
        expect(template).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      }),
    );
  });

  it('is checked again when its placeholders are filled', () => {
    expect(() => renderOutputPath('{config_name}.csv', { ...values, configName: 'nul' })).toThrow('a device');
    expect(() => renderOutputPath('{config_name}.csv', { ...values, configName: '-x' })).toThrow('an option');
    const long = () => renderOutputPath(`${'{job_id}'.repeat(40)}.csv`, values);
    expect(long).toThrow('444 bytes');
  });

  it('names the allowed placeholders when one is unknown', () => {
    expect(() => checkOutputPath('{day}.csv')).toThrowError(
      expect.objectContaining({ hint: expect.stringContaining('{datetime}') }),
    );
  });

  it('leaves braces in a value alone', () => {
    expect(renderOutputPath('{config_name}', { ...values, configName: '{date}' })).toBe('{date}');
  });

  it('takes parameters, made safe as a part of a name', () => {
    const render = (city: string | number) =>
      renderOutputPath('{params.city}/x.csv', { ...values, params: { city } });
    expect(render('New York')).toBe('New York/x.csv');
    expect(render(5)).toBe('5/x.csv');
    expect(render('../a')).toMatch(/^_[^/.]*a_[0-9a-f]{6}\/x\.csv$/);
    expect(render('a/b')).not.toBe(render('a_b'));
    expect(() => renderOutputPath('{params.cty}.csv', { ...values, params: { city: 'x' } })).toThrowError(
      expect.objectContaining({ field: 'output_path', hint: 'Allowed: {params.city}' }),
    );
    expect(() => checkOutputPath('{params.City}.csv')).toThrow('unknown placeholder');
  });

  it('never leaves its folder by a parameter, and different values have different names', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('..', '.', '', 'con', 'nul.txt', '-rf', '~', ' ', 'a '.repeat(300)),
    );
    const render = (city: string) => renderOutputPath('out/{params.city}', { ...values, params: { city } });
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(render(a)).toMatch(/^out\/[^/\\]+$/);
        if (a.normalize('NFC') !== b.normalize('NFC')) expect(render(a)).not.toBe(render(b));
      }),
      {
        examples: [
          ['..', '.'],
          ['con', 'CON'],
          ['a/b', 'a_b'],
        ],
      },
    );
  });
});
