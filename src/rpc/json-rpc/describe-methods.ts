import * as z from 'zod';
import { ERROR_CODES, type ErrorCode } from '../../core/lib/errors.ts';
import { VERSION } from '../../core/lib/program.ts';
import type { Operation } from '../../core/operations/define-operation.ts';
import { exposedInput, type Policy } from '../access/policy.ts';
import { NOTIFICATIONS } from './notifications.ts';

type JsonObject = Record<string, unknown>;

/** Errors that any operation may answer with, besides its own. */
const COMMON_ERRORS: readonly ErrorCode[] = [
  'invalid_params',
  'not_allowed',
  'store_unavailable',
  'home_not_found',
  'program_replaced',
  'internal',
];

/**
 * The answer to `rpc.discover`: an OpenRPC 1.3.2 document of the methods that a server offers, made from the table of
 * operations.
 * @param operations those that the policy allows
 */
export function describeMethods(operations: Iterable<Operation>, policy: Policy): JsonObject {
  return {
    openrpc: '1.3.2',
    info: {
      title: 'QuickScrape Jobs',
      version: VERSION,
      description: 'The operations of the job manager. Params go by name.',
    },
    methods: [
      ...[...operations].map((operation) => describeOperation(operation, policy)),
      {
        ...describeSubscription('subscribe', 'Sends a notification for each change from now on.', true),
        // OpenRPC has no words for notifications.
        'x-notifications': Object.entries(NOTIFICATIONS).map(([name, { summary, params }]) => ({
          name,
          summary,
          params,
        })),
      },
      describeSubscription('unsubscribe', 'Sends no more notifications.', false),
    ],
  };
}

function describeOperation(operation: Operation, policy: Policy): JsonObject {
  const { name, title, description, output, errors, annotations } = operation;
  const { properties = {}, required = [] } = toJsonSchema(exposedInput(operation, policy), 'input') as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  const codes = [...new Set([...COMMON_ERRORS, ...errors])];
  return {
    name,
    summary: title,
    description,
    paramStructure: 'by-name',
    params: Object.entries(properties).map(([field, schema]) => ({
      name: field,
      required: required.includes(field),
      schema,
    })),
    result: { name: 'result', schema: toJsonSchema(output, 'output') },
    errors: codes.map((code) => ({ code: ERROR_CODES[code], message: code })),
    'x-annotations': annotations,
  };
}

function describeSubscription(name: string, summary: string, subscribed: boolean): JsonObject {
  const schema = {
    type: 'object',
    properties: { subscribed: { const: subscribed } },
    required: ['subscribed'],
  };
  return { name, summary, paramStructure: 'by-name', params: [], result: { name: 'result', schema } };
}

function toJsonSchema(schema: z.ZodObject, io: 'input' | 'output'): JsonObject {
  const { $schema, ...plain } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-7' });
  return plain;
}
