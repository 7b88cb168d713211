import type { ErrorData } from '../../../src/core/lib/errors.ts';

/** Why a program is not there any more. */
export type Ending =
  /** It could not be started. */
  | { kind: 'missing'; program: string; reason: string }
  /** It wrote something that is not JSON-RPC. */
  | { kind: 'rubbish'; program: string; text: string }
  | { kind: 'exited'; program: string; code: number | undefined; signal: string | undefined; stderr: string };

/** A failure in the program's own words. */
export class ProgramError extends Error {
  readonly data: Partial<ErrorData>;

  constructor(message: string, data: Partial<ErrorData> = {}) {
    super(message);
    this.data = data;
  }
}

/** The call was not answered, as the program ended. */
export class Disconnected extends Error {}

const MAX_TEXT = 300;

/** One line without control characters, brackets that an editor would make a link of, and the end of a long text. */
export function plainText(text: string): string {
  const line = text
    .replaceAll(/\p{Cc}\[[0-9;?]*[ -/]*[@-~]|[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll('](', '] (')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1)}…` : line;
}

/** A failure as one text: what is wrong, and what to do. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return plainText(String(error));
  const { code, hint } = error instanceof ProgramError ? error.data : {};
  // Its own hint is the list of methods that this version has.
  if ((code as string) === 'method_not_found') return `${plainText(error.message)}. ${UPGRADE}`;
  return plainText([sentence(error.message), hint].filter(Boolean).join(' '));
}

export const UPGRADE =
  'This quickscrape is older than the extension needs. Upgrade it: npm install --global quickscrape-jobs@latest';

/** What to do about a program that ended before it answered. */
export function describeEnding(ending: Ending): string {
  const program = plainText(ending.program);
  if (ending.kind === 'missing')
    return `The program "${program}" cannot be started (${plainText(ending.reason)}). Install it with "npm install --global quickscrape-jobs", or set quickscrape.command.`;
  if (ending.kind === 'rubbish')
    return `"${program}" answers something that is not JSON-RPC: "${plainText(ending.text)}". Check quickscrape.command.`;
  if (isTooOld(ending)) return UPGRADE;
  const how = ending.signal === undefined ? `with code ${ending.code}` : `by ${ending.signal}`;
  const last = lastWords(ending.stderr);
  return `"${program}" ended ${how}${last === '' ? '.' : `: ${sentence(plainText(last))}`}`;
}

/** Whether the program knows no `rpc`, or not the options that are given with it. */
export function isTooOld(ending: Ending): boolean {
  return ending.kind === 'exited' && ending.code === 2 && /unknown (?:command|option)/.test(ending.stderr);
}

/** Of a stack trace its error, else the last line. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /^\w*Error\b.*: /.test(line)) ?? lines.at(-1) ?? '';
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
