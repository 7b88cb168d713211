import * as z from 'zod';
import type { Operation } from '../../core/operations/define-operation.ts';
import { COMMAND_FIELDS, type Policy, requiredField } from './policy.ts';

/**
 * The input that a server offers for an operation: without the fields that its policy does not allow, so that a model
 * does not even know of them. A call that names one all the same is refused by `reviewParams`. The field without which a
 * call would do more than the policy allows is required.
 */
export function exposedInput(
  operation: Pick<Operation, 'input' | 'readOnlyWithField'>,
  policy: Policy,
): z.ZodObject {
  const input = withRequiredField(operation.input, requiredField(operation, policy));
  if (policy.allowCommands) return input;
  const exposed = withoutCommands(input);
  const { changes } = exposed.shape;
  const fields = changes instanceof z.ZodObject ? withoutCommands(changes) : undefined;
  if (fields === undefined) return exposed;
  const { description } = changes as z.ZodObject;
  return exposed.extend({ changes: description === undefined ? fields : fields.describe(description) });
}

function withoutCommands(input: z.ZodObject): z.ZodObject {
  const commands: readonly string[] = COMMAND_FIELDS;
  const kept = Object.entries(input.shape).filter(([field]) => !commands.includes(field));
  return kept.length === Object.keys(input.shape).length ? input : z.strictObject(Object.fromEntries(kept));
}

function withRequiredField(input: z.ZodObject, field: string | undefined): z.ZodObject {
  return field === undefined ? input : input.required({ [field]: true } as Record<never, true>);
}
