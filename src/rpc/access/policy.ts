import * as z from 'zod';
import { type HostAndPort, parseHostAndPort } from '../../core/configs/host-and-port.ts';
import { COMMAND_FIELDS } from '../../core/model/definition.ts';
import type { Operation, OperationAnnotations } from '../../core/operations/define-operation.ts';
import { isSelected, selectionFlags, type ToolSelection } from './tool-selection.ts';

/**
 * The rights of a server's clients. The policy comes only from the flags of the person who starts the server; no client
 * can change it (docs/contributing/adr/0004).
 */
export interface Policy extends ToolSelection {
  /** Allows only read-only calls. Configurations are tested only on saved pages. */
  readOnly: boolean;
  /** With `readOnly`: still allows test runs on live pages. */
  allowTrials: boolean;
  /** Clients may set the commands that a job calls (`on_success`, `on_failure`, `on_recovery`, `on_change`). */
  allowCommands: boolean;
  /**
   * Clients may save and test configurations whose requests are more than reading a public page in turn: a `request` that
   * may change something, such as a POST, or several at a time (`concurrency`).
   */
  allowRequests: boolean;
  /** Private hosts that clients' configurations may reach, each at all ports or at one. */
  allowPrivateHosts: readonly HostAndPort[];
  /**
   * A folder for the output of clients' jobs, in addition to the home's `output/`. Relative output paths start there.
   * Absolute.
   */
  outputDir: string | undefined;
}

/** The policy of a server without flags. */
export const DEFAULT_POLICY: Policy = {
  readOnly: false,
  allowTrials: false,
  allowCommands: false,
  allowRequests: false,
  allowPrivateHosts: [],
  outputDir: undefined,
  tools: [],
  toolsets: [],
  excludedTools: [],
};

/** The job fields that name a command or say when it is called. */
export const GUARDED_FIELDS = [...COMMAND_FIELDS, 'on_failure_mode'] as const;

/** The input field that distinguishes an operation's calls that only read from its others, if it has such calls. */
export type ReadingField = Pick<Operation, 'readOnlyWithField' | 'readOnlyWithoutField'>;

/** Whether the server offers an operation: a selection never offers more than the other flags allow. */
export function isExposed(
  operation: Pick<Operation, 'name' | 'annotations'> & ReadingField,
  policy: Policy,
): boolean {
  const { annotations } = operation;
  const isAllowed = !policy.readOnly || annotations.readOnlyHint || hasReadingCalls(operation);
  return isAllowed && isSelected(operation, policy);
}

function hasReadingCalls({ readOnlyWithField, readOnlyWithoutField }: ReadingField): boolean {
  return (readOnlyWithField ?? readOnlyWithoutField) !== undefined;
}

/** Whether a call reads only, from this machine, though others of the same operation do more. */
export function isReadingCall(
  { readOnlyWithField, readOnlyWithoutField }: ReadingField,
  params: unknown,
): boolean {
  if (readOnlyWithField !== undefined) return hasField(params, readOnlyWithField);
  return readOnlyWithoutField !== undefined && !hasField(params, readOnlyWithoutField);
}

function hasField(params: unknown, field: string): boolean {
  const value = (params as Record<string, unknown> | null | undefined)?.[field];
  return value !== undefined && value !== null;
}

/** The flags that hide operations, as in “this server was started with …”. */
export function hidingFlags(policy: Policy): string {
  return [...(policy.readOnly ? ['--read-only'] : []), ...selectionFlags(policy)].join(' and ');
}

/** Whether this server offers only the calls of an operation that read (`isReadingCall`). */
export function offersOnlyReading(operation: ReadingField, { readOnly, allowTrials }: Policy): boolean {
  return readOnly && !allowTrials && hasReadingCalls(operation);
}

/** The annotations of an operation, as this server offers it. */
export function exposedAnnotations(
  operation: Pick<Operation, 'annotations'> & ReadingField,
  policy: Policy,
): OperationAnnotations {
  const { annotations } = operation;
  if (!offersOnlyReading(operation, policy)) return annotations;
  return { ...annotations, readOnlyHint: true, openWorldHint: false };
}

/**
 * Whether clients' configurations may reach a private host.
 * @param hostAndPort `HOST` for all its ports, or `HOST:PORT`
 */
export function isPermittedHost(hostAndPort: string, { allowPrivateHosts }: Policy): boolean {
  const requested = parseHostAndPort(hostAndPort);
  return allowPrivateHosts.some(
    ({ host, port }) => host === requested?.host && (port === null || port === requested.port),
  );
}

/**
 * The input schema that a server offers for an operation. Fields that the policy does not allow are removed, so that a
 * model does not learn of them; `reviewParams` refuses a call that still uses one. Where only reading calls are offered,
 * the field that makes a call read is required, and the field that makes it do more is removed.
 */
export function exposedInput(
  operation: Pick<Operation, 'input'> & ReadingField,
  policy: Policy,
): z.ZodObject {
  const input = offersOnlyReading(operation, policy) ? readingInput(operation) : operation.input;
  if (policy.allowCommands) return input;
  const exposed = withoutCommands(input);
  const { changes } = exposed.shape;
  const fields = changes instanceof z.ZodObject ? withoutCommands(changes) : undefined;
  if (fields === undefined) return exposed;
  const { description } = changes as z.ZodObject;
  return exposed.extend({ changes: description === undefined ? fields : fields.describe(description) });
}

function withoutCommands(input: z.ZodObject): z.ZodObject {
  const commands: readonly string[] = GUARDED_FIELDS;
  const kept = Object.entries(input.shape).filter(([field]) => !commands.includes(field));
  return kept.length === Object.keys(input.shape).length ? input : z.strictObject(Object.fromEntries(kept));
}

function readingInput({
  input,
  readOnlyWithField,
  readOnlyWithoutField,
}: Pick<Operation, 'input'> & ReadingField): z.ZodObject {
  if (readOnlyWithField !== undefined)
    return input.required({ [readOnlyWithField]: true } as Record<never, true>);
  return input.omit({ [readOnlyWithoutField ?? '']: true } as Record<never, true>);
}
