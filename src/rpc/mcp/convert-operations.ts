import * as z from 'zod';
import type { Operation } from '../../core/operations/define-operation.ts';
import { OPERATIONS } from '../../core/operations/operations.ts';
import { DEFAULT_POLICY, exposedInput, type Policy } from '../access/policy.ts';
import { rewordFields } from './field-words.ts';
import type { ToolFacts } from './tool-definitions.ts';
import { compactInputSchema, type JsonSchema } from './tool-schemas.ts';

/** Converts all operations for models, in their order. */
export async function convertOperations(): Promise<ToolFacts[]> {
  const operations = await Promise.all(Object.values(OPERATIONS).map((load) => load()));
  return (operations as unknown as Operation[]).map(toFacts);
}

function toFacts(operation: Operation): ToolFacts {
  const { name, title, description, annotations, readOnlyWithField, readOnlyWithoutField } = operation;
  const reading = {
    ...(readOnlyWithField && { readOnlyWithField }),
    ...(readOnlyWithoutField && { readOnlyWithoutField }),
  };
  const usual = convertInput(operation);
  const commands = convertInput(operation, { allowCommands: true });
  const hasCommands = JSON.stringify(commands) !== JSON.stringify(usual);
  return {
    name,
    title,
    description,
    annotations,
    ...reading,
    inputs: {
      usual,
      ...(hasCommands && { commands }),
      ...(Object.keys(reading).length > 0 && { reading: convertInput(operation, { readOnly: true }) }),
    },
  };
}

/** Converts an input under a policy. Each schema is self-contained, because hosts load tools one by one. */
export function convertInput(operation: Operation, policy: Partial<Policy> = {}): JsonSchema {
  const input = exposedInput(operation, { ...DEFAULT_POLICY, ...policy });
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  return rewordFields(operation.name, compactInputSchema(schema));
}
