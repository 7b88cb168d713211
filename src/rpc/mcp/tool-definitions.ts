import * as z from 'zod';
import type { Operation, OperationAnnotations } from '../../core/operations/define-operation.ts';
import { type Offered, offeredSentences } from '../access/offered-text.ts';
import { exposedAnnotations, exposedInput, type Policy, requiredField } from '../access/policy.ts';
import type { Session } from '../access/session.ts';
import { rewordFields } from './field-words.ts';
import { compactInputSchema, type JsonSchema } from './tool-schemas.ts';

/** The definition of one tool, as in `tools/list`. */
export interface ToolDefinition {
  operation: Operation;
  /** As this server offers it. */
  description: string;
  annotations: OperationAnnotations;
  readonly input: JsonSchema;
}

/**
 * The tools of a server, in the order of the operations. All schemas are created when the first one is read, because
 * zod's are slow to convert to JSON Schema. Each schema is self-contained, because hosts load tools one by one.
 */
export function createToolDefinitions(
  session: Pick<Session, 'exposed'>,
  policy: Policy,
): ReadonlyMap<string, ToolDefinition> {
  const operations = [...session.exposed.values()];
  let created: JsonSchema[] | undefined;
  const inputOf = (index: number) => {
    created ??= operations.map((operation) => inputSchema(operation, policy));
    return created[index] ?? {};
  };
  const tools = operations.map((operation, index) => ({
    operation,
    description: descriptionOf(operation, policy, session.exposed),
    annotations: exposedAnnotations(operation, policy),
    get input() {
      return inputOf(index);
    },
  }));
  return new Map(tools.map((tool) => [tool.operation.name, tool]));
}

/** The description without the sentences that name tools that are not offered. */
function descriptionOf(operation: Operation, policy: Policy, offered: Offered): string {
  const requiredName = requiredField(operation, policy);
  const description = offeredSentences(operation.description, offered);
  return requiredName === undefined
    ? description
    : `${description} This server only reads: ${requiredName} is required.`;
}

function inputSchema(operation: Operation, policy: Policy): JsonSchema {
  const schema = z.toJSONSchema(exposedInput(operation, policy), { io: 'input', unrepresentable: 'any' });
  return rewordFields(operation.name, compactInputSchema(schema));
}
