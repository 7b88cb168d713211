import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
} from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dropUnknownMembers, validateMessage } from '../../../src/rpc/mcp/validate-message.ts';

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

it('lets nothing through that the SDK drops silently', () => {
  let good = 0;
  fc.assert(
    fc.property(messages, (message) => {
      const value = JSON.parse(JSON.stringify(message));
      if (validateMessage(value) !== undefined) return;
      good += 1;
      const passed = dropUnknownMembers(value);
      expect(understood.filter((is) => is(passed))).toHaveLength(1);
    }),
    { numRuns: 3_000 },
  );
  expect(good).toBeGreaterThan(500);
});

it('passes on a message without its unknown members', () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'ping' };
  expect(validateMessage({ ...message, extra: true })).toBeUndefined();
  expect(dropUnknownMembers({ ...message, extra: true })).toEqual(message);
});

/** The JSON of a value with a field more somewhere in it. */
const withProto = fc
  .tuple(fc.jsonValue({ maxDepth: 5 }), fc.jsonValue({ maxDepth: 3 }), fc.nat())
  .map(([value, inner, at]) => {
    const text = JSON.stringify({ arguments: value, last: {} });
    const objects = [...text.matchAll(/(?<=[{,[:]|^)\{/g)].map(({ index }) => index);
    const place = objects[at % objects.length] ?? 0;
    const rest = text.slice(place + 1);
    const comma = rest.startsWith('}') ? '' : ',';
    return `${text.slice(0, place + 1)}"__proto__":${JSON.stringify(inner)}${comma}${rest}`;
  })
  // A text of the value may look like an object.
  .filter((text) => isJson(text) && text.split('"__proto__":').length === 2);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it('refuses a field called __proto__ wherever it stands, which the SDK would drop', () => {
  fc.assert(
    fc.property(withProto, (params) => {
      const message = JSON.parse(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`);
      const refusal = validateMessage(message);
      expect(refusal).toMatchObject({ id: 1, error: { code: -32602 } });
      expect(refusal?.error.message).toMatch(/__proto__: unknown field$/);
    }),
    { numRuns: 1_000 },
  );
});

it('is not stopped by nesting that is too deep for recursion', () => {
  const deep = `${'{"a":'.repeat(100_000)}{"__proto__":1}${'}'.repeat(100_000)}`;
  const message = JSON.parse(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${deep}}`);
  expect(validateMessage(message)).toMatchObject({ error: { code: -32602 } });
});

it('refuses a revision that is not served, and names those that are (2026-07-28, "Versioning")', () => {
  const named = (protocolVersion: string) => ({
    jsonrpc: '2.0',
    id: 'a',
    method: 'tools/list',
    params: {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': protocolVersion,
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  });
  expect(validateMessage(named('2026-07-28'))).toBeUndefined();
  expect(validateMessage(named('2099-01-01'))).toEqual({
    id: 'a',
    error: {
      code: -32022,
      message: 'Unsupported protocol version: 2099-01-01',
      data: { supported: ['2026-07-28'], requested: '2099-01-01' },
    },
  });
});
