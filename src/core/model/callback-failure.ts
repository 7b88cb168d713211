import { COMMAND_FIELDS, type CommandField } from './command-problems.ts';
import type { JobDefinition } from './definition.ts';

/** Formats the failure of a command as a job stores it: `on_failure failed: exit code 1`. */
export function formatCallbackFailure(field: CommandField, reason: string): string {
  return `${field} failed: ${reason}`;
}

/**
 * Whether a job still has the command that failed. If the message names no command, any command of the job counts.
 * @param message the output of {@link formatCallbackFailure}
 */
export function hasFailedCommand(definition: Pick<JobDefinition, CommandField>, message: string): boolean {
  const failed = COMMAND_FIELDS.find((field) => message.startsWith(formatCallbackFailure(field, '')));
  const fields = failed === undefined ? COMMAND_FIELDS : [failed];
  return fields.some((field) => definition[field] !== null);
}
