import { expect, it } from 'vitest';
import * as z from 'zod';
import { compactInputSchema } from '../../../src/rpc/mcp/tool-schemas.ts';

const json = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' });

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
  expect(compactInputSchema(json(z.strictObject({ schedule })))).toEqual({
    type: 'object',
    properties: {
      schedule: {
        type: 'object',
        properties: {
          type: {
            type: 'string',
            enum: ['daily', 'hourly'],
          },
          time: { type: 'string', description: 'HH:MM' },
          minute: { type: 'integer', maximum: 59 },
        },
        required: ['type'],
        additionalProperties: false,
      },
    },
    required: ['schedule'],
    additionalProperties: false,
  });
});

it('keeps what a model needs, in one type each, and leaves the rest to the operation', () => {
  const input = z.strictObject({
    format: z.enum(['csv', 'json']).nullable().default(null),
    path: z.string().max(4096).nullable().default(null).describe('Where'),
    command: z
      .union([z.string(), z.array(z.string())])
      .nullable()
      .describe('What'),
    retries: z.int().min(0).max(100).default(3),
    tags: z.array(z.string()).default([]),
    count: z.int().optional(),
    more: z.strictObject({ a: z.string() }).nullable().describe('More'),
  });
  expect(compactInputSchema(json(input))).toEqual({
    type: 'object',
    properties: {
      format: { type: 'string', enum: ['csv', 'json'] },
      path: { type: 'string', description: 'Where' },
      command: { type: 'array', items: { type: 'string' }, description: 'What' },
      retries: { type: 'integer', default: 3 },
      tags: { type: 'array', items: { type: 'string' } },
      count: { type: 'integer' },
      more: {
        type: 'object',
        properties: { a: { type: 'string' } },
        required: ['a'],
        additionalProperties: false,
        description: 'More',
      },
    },
    required: ['command', 'more'],
    additionalProperties: false,
  });
});

it('makes a list of names and values of an object of any names', () => {
  const shares = z.record(z.string(), z.number().min(1).max(100)).describe('By field');
  expect(compactInputSchema(json(z.strictObject({ shares })))).toMatchObject({
    properties: {
      shares: {
        type: 'array',
        description: 'By field',
        items: {
          type: 'object',
          properties: { name: { type: 'string' }, value: { type: 'number' } },
          required: ['name', 'value'],
          additionalProperties: false,
        },
      },
    },
  });
});
