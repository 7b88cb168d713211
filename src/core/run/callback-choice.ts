import type { JobDefinition } from '../job/definition.ts';
import { isDifferent, type RunDifferences } from './differences.ts';
import type { StoredStatus } from './record.ts';

export type Command = string | string[];

type CallbackFields = Pick<
  JobDefinition,
  'on_success' | 'on_failure' | 'on_recovery' | 'on_change' | 'on_failure_mode'
>;

/**
 * Which commands the end of a run asks for, in order. `on_failure_mode: streak` calls only at the first failure of a
 * streak; `on_recovery` is called at the first success after one, `on_change` after a success whose items are other ones
 * than those of the last. A cancelled run calls nothing: a person did it.
 * @param failuresBefore how many runs of the job had failed in a row before this one
 * @param changes `null` when there is no earlier run to compare with
 */
export function commandsFor(
  definition: CallbackFields,
  status: StoredStatus,
  failuresBefore: number,
  changes: RunDifferences | null,
): Command[] {
  switch (status) {
    case 'succeeded':
      return [
        failuresBefore > 0 ? definition.on_recovery : null,
        definition.on_success,
        isDifferent(changes) ? definition.on_change : null,
      ].filter(isCommand);
    case 'failed':
    case 'timed_out':
    case 'abandoned': {
      const silent = definition.on_failure_mode === 'streak' && failuresBefore > 0;
      return [silent ? null : definition.on_failure].filter(isCommand);
    }
    default:
      return [];
  }
}

function isCommand(command: Command | null): command is Command {
  return command !== null && command.length > 0;
}
