import { randomInt } from 'node:crypto';

// No letters that people take for another one when they read an id aloud or type it.
const ALPHABET = 'abcdefghjkmnpqrstvwxyz23456789';
const LENGTH = 10;

/** A new run id: ten characters of which any unique prefix names the run in a command. */
export function makeRunId(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** Whether a name could be a run id that we made. */
export function isRunId(name: string): boolean {
  return name.length === LENGTH && [...name].every((letter) => ALPHABET.includes(letter));
}
