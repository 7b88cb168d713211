import * as z from 'zod';
import type { HostAndPort } from '../../core/configs/host-and-port.ts';
import { parseHostAndPort } from '../../core/configs/host-and-port.ts';
import type { Operation, OperationAnnotations } from '../../core/operations/define-operation.ts';

/**
 * What the person who started a server allows its clients. It comes from the command line only: nothing that a
 * client sends can change it (docs/contributing/adr/0004).
 */
export interface Policy {
  /** Nothing but calls that change nothing: configurations are tried on kept pages only. */
  readOnly: boolean;
  /** With `readOnly`, configurations may be tried on live pages all the same. */
  allowTrials: boolean;
  /** Clients may set the commands that a job calls (`on_success`, `on_failure`, `on_recovery`, `on_change`). */
  allowCommands: boolean;
  /** Hosts in private networks that configurations of clients may reach, some at one port only. */
  allowPrivateHosts: readonly HostAndPort[];
  /** Where jobs of clients may write beside the home's `output/`; relative output paths start there. Absolute. */
  outputDir: string | undefined;
}

/** What a server without flags allows. */
export const DEFAULT_POLICY: Policy = {
  readOnly: false,
  allowTrials: false,
  allowCommands: false,
  allowPrivateHosts: [],
  outputDir: undefined,
};

/** The fields of a job that name a command, or say when one is called. */
export const COMMAND_FIELDS = [
  'on_success',
  'on_failure',
  'on_failure_mode',
  'on_recovery',
  'on_change',
] as const;

/** Whether an operation is offered at all. */
export function isExposed(
  { annotations, readOnlyWithField }: Pick<Operation, 'annotations' | 'readOnlyWithField'>,
  policy: Policy,
): boolean {
  return !policy.readOnly || annotations.readOnlyHint || readOnlyWithField !== undefined;
}

/** The field of an operation that this server needs in each call, since a call without it does more than read. */
export function requiredField(
  { readOnlyWithField }: Pick<Operation, 'readOnlyWithField'>,
  { readOnly, allowTrials }: Policy,
): string | undefined {
  return readOnly && !allowTrials ? readOnlyWithField : undefined;
}

/** What an operation does as this server offers it. */
export function exposedAnnotations(
  operation: Pick<Operation, 'annotations' | 'readOnlyWithField'>,
  policy: Policy,
): OperationAnnotations {
  const { annotations } = operation;
  if (requiredField(operation, policy) === undefined) return annotations;
  return { ...annotations, readOnlyHint: true, openWorldHint: false };
}

/** Whether configurations of clients may reach a private host. @param hostAndPort `HOST` for all its ports, or `HOST:PORT` */
export function isPermittedHost(hostAndPort: string, { allowPrivateHosts }: Policy): boolean {
  const requested = parseHostAndPort(hostAndPort);
  return allowPrivateHosts.some(
    ({ host, port }) => host === requested?.host && (port === null || port === requested.port),
  );
}

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
