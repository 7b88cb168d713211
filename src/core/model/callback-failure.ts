import { COMMAND_FIELDS, type CommandField } from './command-problems.ts';
import type { JobDefinition } from './definition.ts';

/** `on_failure failed: exit code 1`: what a job keeps of a command that did not work. */
export function formatCallbackFailure(field: CommandField, reason: string): string {
  return `${field} failed: ${reason}`;
}

/**
 * Whether a job still has the command that failed. With a failure that names no command it is enough that the job has any.
 * @param message as {@link formatCallbackFailure} makes it
 */
export function hasFailedCommand(definition: Pick<JobDefinition, CommandField>, message: string): boolean {
  const failed = COMMAND_FIELDS.find((field) => message.startsWith(formatCallbackFailure(field, '')));
  const fields = failed === undefined ? COMMAND_FIELDS : [failed];
  return fields.some((field) => definition[field] !== null);
}
