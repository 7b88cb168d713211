import type { Issue } from '../../../src/core/lib/errors.ts';
import { ProgramError, plainText } from './failures.ts';
import type { Caller } from './live-jobs.ts';

export interface Finding {
  /** Both count from 0. */
  line: number;
  character: number;
  message: string;
  isError: boolean;
}

const NAME = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/;
/** What the program says to clients that store a text with variables; the editor stores its file itself. */
const FOR_CLIENTS = /^runs of this text see /;

/** What is wrong with the text of a configuration. @throws ProgramError when that cannot be said */
export async function checkConfig(
  caller: Caller,
  name: string,
  yaml: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  if (yaml.trim() === '') return [];
  try {
    const config_name = NAME.test(name) ? name : 'configuration';
    const { warnings } = await caller.call('save_config', { config_name, yaml, dry_run: true }, signal);
    return warnings
      .filter(({ message }) => !FOR_CLIENTS.test(message))
      .map((warning) => toFinding(warning, false));
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    if (error.data.code === 'invalid_config') {
      const { issues = [{ path: '', message: error.message }] } = error.data;
      return issues.map((issue) => toFinding(issue, true));
    }
    // The text is right; a client could not store it, and a person who saves a file can.
    if (error.data.code === 'not_allowed') return [];
    throw error;
  }
}

function toFinding(
  { message, line = 1, column = 1, hint }: { [K in keyof Issue]?: Issue[K] | undefined },
  isError: boolean,
): Finding {
  const text = [message, hint].filter(Boolean).join('. ');
  return { line: line - 1, character: column - 1, message: plainText(text), isError };
}
