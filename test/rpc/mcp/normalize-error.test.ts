import { expect, it } from 'vitest';
import { normalizeError } from '../../../src/rpc/mcp/normalize-error.ts';

it('reports a malformed request in words, as the client’s error', () => {
  const message = JSON.stringify([
    {
      code: 'invalid_type',
      expected: 'object',
      path: ['params', 'capabilities'],
      message: 'expected object',
    },
    { code: 'invalid_type', path: ['params', 'name'], message: 'expected string' },
  ]);
  expect(normalizeError({ code: -32603, message })).toEqual({
    code: -32602,
    message: 'Invalid params: params.capabilities: expected object; params.name: expected string',
  });
});

it('also where the SDK knows whose mistake it is', () => {
  const issues = [{ path: ['params', 'name'], message: 'expected string' }];
  const message = `Invalid tools/call request: ${JSON.stringify(issues)}`;
  expect(normalizeError({ code: -32602, message })).toEqual({
    code: -32602,
    message: 'Invalid params: params.name: expected string',
  });
});

it('says why a tool is not served', () => {
  expect(normalizeError({ code: -32602, message: 'Tool run_job disabled' })).toEqual({
    code: -32602,
    message: expect.stringMatching(/^Tool run_job is not served: .*--read-only/),
  });
});

it.each(['Tool constructor', 'Tool __proto__', 'Prompt toString'])('finds no %s', (what) => {
  expect(normalizeError({ code: -32602, message: `${what} disabled` }).message).toBe(`${what} not found`);
});

it.each([
  { code: -32602, message: 'Invalid tools/call request: no' },
  { code: -32603, message: 'Internal error' },
  { code: -32603, message: '[1, 2]' },
  { code: -32603, message: '[not json' },
  { code: -32601, message: '[]' },
])('leaves %j as it is', (error) => {
  expect(normalizeError(error)).toEqual(error);
});

it('repeats only so much of a request, in its message and in its data', () => {
  const uri = `quickscrape://jobs/${'漢'.repeat(100_000)}`;
  const said = normalizeError({ code: -32602, message: `Resource not found: ${uri}`, data: { uri } });
  expect(Buffer.byteLength(JSON.stringify(said))).toBeLessThan(1_000);
  expect(said.message).toMatch(/^Resource not found: quickscrape:.*… \(\d+ bytes left out\) …漢+$/);
});
