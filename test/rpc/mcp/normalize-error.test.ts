import { expect, it } from 'vitest';
import { normalizeError } from '../../../src/rpc/mcp/normalize-error.ts';

const SDK_TEXT = 'whatever the SDK says';

it('says in words what is wrong with the shape of a request, as the mistake of the client that it is', () => {
  const request = {
    method: 'initialize',
    params: { protocolVersion: 1, clientInfo: { name: 'x', version: '1' } },
  };
  expect(normalizeError({ code: -32603, message: SDK_TEXT }, [request])).toEqual({
    code: -32602,
    message: expect.stringMatching(
      /^Invalid params: params\.protocolVersion: .*string.*; params\.capabilities: .*object/,
    ),
  });
});

it('also where the SDK knows whose mistake it is', () => {
  const request = { method: 'tools/call', params: { name: 5 } };
  expect(normalizeError({ code: -32602, message: SDK_TEXT }, [request])).toEqual({
    code: -32602,
    message: expect.stringMatching(/^Invalid params: params\.name: .*string/),
  });
});

it('says why a tool is not served', () => {
  const request = { method: 'tools/call', params: { name: 'run_job', arguments: {} } };
  expect(
    normalizeError({ code: -32602, message: SDK_TEXT }, [request], (tool) =>
      tool === 'run_job' ? '--read-only' : undefined,
    ),
  ).toEqual({
    code: -32602,
    message: expect.stringMatching(/^Tool run_job is not served: .*--read-only/),
  });
  const byChoice = normalizeError({ code: -32602, message: SDK_TEXT }, [request], () => '');
  expect(byChoice.message).toBe(
    'Tool run_job is not served: only a server offers it that a person started with --tools or --toolsets',
  );
});

it.each([
  ['tools/call', 'Tool', 'constructor'],
  ['tools/call', 'Tool', '__proto__'],
  ['prompts/get', 'Prompt', 'toString'],
])('%s finds no %s %s', (method, kind, name) => {
  const request = { method, params: { name } };
  expect(normalizeError({ code: -32602, message: SDK_TEXT }, [request]).message).toBe(
    `${kind} ${name} not found`,
  );
});

it.each([
  [
    { code: -32602, message: 'Tool nope not found' },
    { method: 'tools/call', params: { name: 'nope' } },
  ],
  [{ code: -32603, message: 'Internal error' }, { method: 'tools/list' }],
  [
    { code: -32601, message: '[]' },
    { method: 'tools/call', params: { name: 5 } },
  ],
  [{ code: -32603, message: '[{"path":[],"message":"x"}]' }, { method: 'nope/nope' }],
  [{ code: -32603, message: '[not json' }, undefined],
])('leaves %j as it is', (error, request) => {
  expect(normalizeError(error, request && [request])).toEqual(error);
});

it('repeats only so much of a request, in its message and in its data', () => {
  const uri = `quickscrape://jobs/${'漢'.repeat(100_000)}`;
  const said = normalizeError({ code: -32602, message: `Resource not found: ${uri}`, data: { uri } });
  expect(Buffer.byteLength(JSON.stringify(said))).toBeLessThan(1_000);
  expect(said.message).toMatch(/^Resource not found: quickscrape:.*… \(\d+ bytes left out\) …漢+$/);
});
