import { tryParseJson } from '../lib/try-parse-json.ts';
import { COMMAND_FIELDS, type CommandField } from './command-problems.ts';
import { hasDifferences, type RunDifferences } from './differences.ts';
import type { CallbackFields, StoredStatus } from './run-record.ts';

export type Command = string | string[];

/** Serializes a job's callbacks as JSON for its run. The end of the run uses the job's callbacks at its start. */
export function serializeCallbacks(fields: CallbackFields): string {
  const set = COMMAND_FIELDS.filter((name) => isCommand(fields[name])).map((name) => [name, fields[name]]);
  return JSON.stringify(
    set.length > 0 ? { ...Object.fromEntries(set), on_failure_mode: fields.on_failure_mode } : {},
  );
}

/** Parses the output of {@link serializeCallbacks}; `null` for a run of an older version, or for an invalid text. */
export function parseCallbacks(text: string | null): CallbackFields | null {
  const found = text === null ? null : tryParseJson(text);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return null;
  const fields = found as Record<string, unknown>;
  const command = (name: string) => (isCommandValue(fields[name]) ? fields[name] : null);
  return {
    on_success: command('on_success'),
    on_failure: command('on_failure'),
    on_recovery: command('on_recovery'),
    on_change: command('on_change'),
    on_failure_mode: fields['on_failure_mode'] === 'streak' ? 'streak' : 'each',
  };
}

/** A command to call at the end of a run, and the job's field that defines it. */
export interface CallbackCommand {
  field: CommandField;
  command: Command;
}

/**
 * Returns the commands to call at the end of a run, in order. `on_failure_mode: streak` calls a command only at the
 * first failure of a streak. `on_recovery` is called at the first success after a streak, `on_change` after a success
 * whose items differ from the last. A cancelled run calls no command, because a person cancelled it.
 * @param failuresBefore how many runs of the job had failed in a row before this one
 * @param changes `null` when there is no earlier run to compare with
 */
export function selectCallbacks(
  definition: CallbackFields,
  status: StoredStatus,
  failuresBefore: number,
  changes: RunDifferences | null,
): CallbackCommand[] {
  const asked = (field: CallbackCommand['field']) => {
    const command = definition[field];
    return isCommand(command) ? [{ field, command }] : [];
  };
  switch (status) {
    case 'succeeded':
      return [
        ...(failuresBefore > 0 ? asked('on_recovery') : []),
        ...asked('on_success'),
        ...(hasDifferences(changes) ? asked('on_change') : []),
      ];
    case 'failed':
    case 'timed_out':
    case 'abandoned': {
      const silent = definition.on_failure_mode === 'streak' && failuresBefore > 0;
      return silent ? [] : asked('on_failure');
    }
    default:
      return [];
  }
}

function isCommand(command: Command | null): command is Command {
  return command !== null && command.length > 0;
}

function isCommandValue(value: unknown): value is Command {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((word) => typeof word === 'string'))
  );
}
