import { expect, it } from 'vitest';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { toolError } from '../../../src/rpc/mcp/tool-result.ts';

interface Said {
  summary: string;
  error: { code: string; message: string; hint?: string; issues?: { message: string; hint?: string }[] };
}

function said(error: QuickscrapeError): Said {
  const { isError, content, structuredContent } = toolError(error);
  expect(isError).toBe(true);
  expect(content).toEqual([{ type: 'text', text: JSON.stringify(structuredContent) }]);
  return structuredContent as unknown as Said;
}

it('says the next call, however much is wrong, and a hint once', () => {
  const issues = Array.from({ length: 50 }, (_, at) => ({
    path: `field_${at}`,
    message: `field_${at}: ${'字'.repeat(200)}`,
    hint: 'Allowed: 1',
  }));
  const error = new QuickscrapeError('invalid_params', 'x'.repeat(5_000), {
    hint: 'Call list_jobs.',
    issues,
  });
  const told = said(error);
  expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThanOrEqual(2_400);
  expect(told.summary).toMatch(/^invalid_params: x+…$/);
  expect(told.error).toMatchObject({ code: 'invalid_params', hint: 'Call list_jobs.' });
  expect(told.error.message).toMatch(/^x+… \(\d+ bytes left out\) …x+$/);
  expect(told.error.issues?.[1]?.message).toMatch(/^field_1: 字+…$/);
  expect(told.error.issues?.filter(({ hint }) => hint === 'Allowed: 1')).toHaveLength(1);
});

it('reports an error as a sentence, and the same in fields', () => {
  const error = new QuickscrapeError('job_not_found', 'there is no job "a"', {
    field: 'job_id',
    hint: 'Did you mean b?',
  });
  expect(said(error)).toEqual({
    summary: 'job_not_found: there is no job "a"',
    error: {
      code: 'job_not_found',
      message: 'there is no job "a"',
      field: 'job_id',
      hint: 'Did you mean b?',
    },
  });
});

it('names a call for what has none, where one helps', () => {
  const hintOf = (error: QuickscrapeError) => said(error).error.hint;
  expect(hintOf(new QuickscrapeError('invalid_config', 'no', { field: 'yaml' }))).toContain('test_config');
  expect(hintOf(new QuickscrapeError('invalid_config', 'settings.yaml: no'))).toBeUndefined();
});
