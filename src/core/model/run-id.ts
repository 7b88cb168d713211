import { randomFillSync } from 'node:crypto';

// No characters that are easily confused when an id is read aloud or typed.
const ALPHABET = 'abcdefghjkmnpqrstvwxyz23456789';
const LENGTH = 10;
/** Only bytes below this limit are used, so that each letter is equally likely. */
const UNBIASED_LIMIT = 256 - (256 % ALPHABET.length);

/** Random bytes are requested a thousand at a time: each request takes as long as writing half a row. */
const random = Buffer.alloc(1_024);
let used = random.length;

/** Makes a new run id of ten characters. In a command, any unique prefix selects the run. */
export function makeRunId(): string {
  let id = '';
  while (id.length < LENGTH) {
    const byte = randomByte();
    if (byte < UNBIASED_LIMIT) id += ALPHABET[byte % ALPHABET.length];
  }
  return id;
}

/** Whether a name has the format of a run id. */
export function isRunId(name: string): boolean {
  return name.length === LENGTH && [...name].every((letter) => ALPHABET.includes(letter));
}

function randomByte(): number {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  used += 1;
  return random[used - 1] ?? 0;
}
