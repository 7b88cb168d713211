import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Operation } from '../../../src/core/operations/define-operation.ts';
import { OPERATION_NAMES, OPERATIONS } from '../../../src/core/operations/table.ts';

const load = async (name: keyof typeof OPERATIONS) => (await OPERATIONS[name]()) as unknown as Operation;

describe.each(OPERATION_NAMES)('the operation %s', (name) => {
  it('bears the name under which the table lists it', async () => {
    expect((await load(name)).name).toBe(name);
  });

  it('refuses fields that it does not know', async () => {
    const { input } = await load(name);
    const codes = input.safeParse({ no_such_field: 1 }).error?.issues.map((issue) => issue.code);
    expect(codes).toContain('unrecognized_keys');
  });

  it('says all four hints, a title and a description', async () => {
    const { annotations, title, description } = await load(name);
    expect(Object.values(annotations).map((hint) => typeof hint)).toEqual(Array(4).fill('boolean'));
    expect(title.length).toBeGreaterThan(5);
    expect(description.length).toBeGreaterThan(40);
    expect(description.length).toBeLessThan(600);
    if (annotations.readOnlyHint) expect(annotations.destructiveHint).toBe(false);
  });

  it('has an input and an output that JSON Schema can say', async () => {
    const { input, output } = await load(name);
    expect(z.toJSONSchema(input, { io: 'input' })).toMatchObject({
      type: 'object',
      additionalProperties: false,
    });
    expect(z.toJSONSchema(output, { io: 'output' })).toMatchObject({ type: 'object' });
  });
});
