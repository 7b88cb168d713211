import { expect, it } from 'vitest';
import { refusalOf } from '../../../src/rpc/mcp/message-shape.ts';

const OK = { jsonrpc: '2.0', id: 1, method: 'ping' };

it.each([
  OK,
  { ...OK, id: 'a' },
  { ...OK, id: 0, params: {} },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 1, result: {} },
  { jsonrpc: '2.0', id: 1, error: { code: -1, message: '' } },
])('takes %j as a message', (value) => {
  expect(refusalOf(value)).toBeUndefined();
});

it.each<[unknown, string | number | null, string]>([
  [[], null, 'no batches'],
  [[OK], null, 'no batches'],
  [null, null, 'JSON object'],
  ['ping', null, 'JSON object'],
  [{ ...OK, id: null }, null, '"id"'],
  [{ ...OK, id: 1.5 }, null, '"id"'],
  [{ ...OK, id: {} }, null, '"id"'],
  [{ id: 7, method: 'ping' }, 7, '"jsonrpc"'],
  [{ ...OK, jsonrpc: '1.0' }, 1, '"jsonrpc"'],
  [{ ...OK, method: 1 }, 1, '"method"'],
  [{ ...OK, params: [] }, 1, '"params"'],
  [{ ...OK, params: 'x' }, 1, '"params"'],
  [{ jsonrpc: '2.0' }, null, '"method"'],
  [{ jsonrpc: '2.0', id: 1 }, 1, 'either'],
  [{ jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: '' } }, 1, 'either'],
  [{ jsonrpc: '2.0', id: 1, error: 'broken' }, 1, 'either'],
])('refuses %j as what it is', (value, id, why) => {
  expect(refusalOf(value)).toMatchObject({
    id,
    error: { code: -32600, message: expect.stringContaining(why) },
  });
});
