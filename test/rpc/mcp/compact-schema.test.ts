import { expect, it } from 'vitest';
import * as z from 'zod';
import { compactInput } from '../../../src/rpc/mcp/compact-schema.ts';
import { openOutput } from '../../../src/rpc/mcp/open-output.ts';
import { SaidBefore } from '../../../src/rpc/mcp/said-before.ts';

const json = (schema: z.ZodType, io: 'input' | 'output' = 'input') => z.toJSONSchema(schema, { io });

it('makes one object of variants that differ by a constant', () => {
  const schedule = z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('daily'),
      time: z
        .string()
        .regex(/^\d\d:\d\d$/)
        .describe('HH:MM'),
    }),
    z.strictObject({ type: z.literal('hourly'), minute: z.int().min(0).max(59) }),
  ]);
  expect(compactInput(json(z.strictObject({ schedule })))).toEqual({
    type: 'object',
    properties: {
      schedule: {
        type: 'object',
        properties: {
          type: { enum: ['daily', 'hourly'] },
          time: { type: 'string', description: 'HH:MM' },
          minute: { type: 'integer', maximum: 59 },
        },
        required: ['type'],
      },
    },
    required: ['schedule'],
    additionalProperties: false,
  });
});

it('keeps what a model needs, and leaves the rest to the operation', () => {
  const input = z.strictObject({
    format: z.enum(['csv', 'json']).nullable().default(null),
    path: z.string().max(4096).nullable().default(null).describe('Where'),
    retries: z.int().min(0).max(100).default(3),
    tags: z.array(z.string()).default([]),
    count: z.int().optional(),
  });
  expect(compactInput(json(input))).toEqual({
    type: 'object',
    properties: {
      format: { enum: ['csv', 'json', null] },
      path: { type: ['string', 'null'], description: 'Where' },
      retries: { type: 'integer', default: 3, maximum: 100 },
      tags: { type: 'array', items: { type: 'string' } },
      count: { type: 'integer' },
    },
    additionalProperties: false,
  });
});

it('says what an answer holds two levels deep, and leaves it open', () => {
  const output = z.object({
    run: z.object({ run_id: z.string(), bytes: z.int(), error: z.object({ kind: z.string() }).nullable() }),
    runs: z.array(z.object({ run_id: z.string() })),
    busiest: z.object({ at: z.string() }).nullable(),
    total: z.int(),
  });
  expect(openOutput(json(output, 'output'))).toEqual({
    type: 'object',
    properties: {
      run: { type: 'object', properties: { run_id: {}, error: {} } },
      runs: { type: 'array', items: { type: 'object', properties: { run_id: {} } } },
      busiest: { type: 'object', properties: { at: {} } },
      total: { type: 'integer' },
    },
  });
});

it('names what an earlier tool has said, and says it in full where none has', () => {
  const fields = Object.fromEntries(
    'abcdefghij'
      .split('')
      .map((name) => [name, { type: 'string', description: `What ${name} is, at some length` }]),
  );
  const { a: _, ...some } = fields;
  const schedule = { type: 'object', properties: some, description: 'When' };
  const changes = { type: 'object', properties: fields, description: 'The fields to change' };
  const id = { type: 'string', description: 'Its id' };
  const inputs = [
    ['create', { properties: { id, schedule, ...fields } }],
    ['preview', { properties: { id, schedule } }],
    ['update', { properties: { changes } }],
  ] as const;
  const said = new SaidBefore(100);
  const shortened = Object.fromEntries(inputs.map(([tool, input]) => [tool, said.shorten(tool, input)]));
  expect(shortened['create']).toEqual(inputs[0][1]);
  expect(shortened['preview']).toEqual({
    properties: {
      id: { type: 'string' },
      schedule: { type: 'object', description: 'When: as create.schedule' },
    },
  });
  expect(shortened['update']).toEqual({
    properties: {
      changes: {
        type: 'object',
        description: 'The fields to change: as in create: a, b, c, d, e, f, g, h, i, j',
      },
    },
  });
  expect(new SaidBefore(100).shorten('preview', inputs[1][1])).toEqual(inputs[1][1]);
});
