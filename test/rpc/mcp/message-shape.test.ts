import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
} from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { knownMembers, refusalOf } from '../../../src/rpc/mcp/message-shape.ts';

const anything = fc.oneof(
  fc.constantFrom(null, '', 'x', 0, 1, 1.5, -1, 2 ** 60, true, {}, []),
  fc.jsonValue(),
);

/** Mostly what it should be. */
function mostly(right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: anything });
}

function some(members: Record<string, fc.Arbitrary<unknown>>, needed: string[] = []): fc.Arbitrary<object> {
  return fc.record(members, { requiredKeys: needed });
}

const id = mostly(fc.oneof(fc.integer(), fc.string()));
const meta = some({
  progressToken: id,
  'io.modelcontextprotocol/related-task': mostly(some({ taskId: mostly(fc.string()) })),
  other: anything,
});
const fields = mostly(some({ _meta: mostly(meta), more: anything }));
const error = mostly(
  some({ code: mostly(fc.integer()), message: mostly(fc.string()), data: anything }, ['code', 'message']),
);
const common = { jsonrpc: mostly(fc.constant('2.0')), extra: anything };
const messages = fc.oneof(
  some({ ...common, id, method: mostly(fc.string()), params: fields }, ['jsonrpc', 'method']),
  some({ ...common, id, result: fields }, ['jsonrpc', 'id', 'result']),
  some({ ...common, id, error }, ['jsonrpc', 'id', 'error']),
  some({ ...common, id, method: fc.string(), params: fields, result: fields, error }),
  anything,
);

const understood = [isJSONRPCRequest, isJSONRPCNotification, isJSONRPCResultResponse, isJSONRPCErrorResponse];

it('lets nothing through that the SDK drops without a word', () => {
  let good = 0;
  fc.assert(
    fc.property(messages, (message) => {
      const value = JSON.parse(JSON.stringify(message));
      if (refusalOf(value) !== undefined) return;
      good += 1;
      const passed = knownMembers(value);
      expect(understood.filter((is) => is(passed))).toHaveLength(1);
    }),
    { numRuns: 3_000 },
  );
  expect(good).toBeGreaterThan(500);
});

it('passes on a message with a member that nobody knows, without it', () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'ping' };
  expect(refusalOf({ ...message, extra: true })).toBeUndefined();
  expect(knownMembers({ ...message, extra: true })).toEqual(message);
});
