import { describe, expect, it } from 'vitest';
import { checkOutputPath, renderOutputPath } from '../../../src/core/run/output-path.ts';

const values = {
  at: new Date('2026-11-25T23:05:09Z'),
  timeZone: 'Europe/Berlin',
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

  it('names the allowed placeholders when one is unknown', () => {
    expect(() => checkOutputPath('{day}.csv')).toThrowError(
      expect.objectContaining({ hint: expect.stringContaining('{datetime}') }),
    );
  });

  it('leaves braces in a value alone', () => {
    expect(renderOutputPath('{config_name}', { ...values, configName: '{date}' })).toBe('{date}');
  });
});
