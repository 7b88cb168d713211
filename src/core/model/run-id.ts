import { randomFillSync } from 'node:crypto';

// No letters that people take for another one when they read an id aloud or type it.
const ALPHABET = 'abcdefghjkmnpqrstvwxyz23456789';
const LENGTH = 10;
/** Bytes below stand for each letter equally often. */
const UNBIASED_LIMIT = 256 - (256 % ALPHABET.length);

/** Asked for a thousand at a time: each question takes as long as writing half a row. */
const random = Buffer.alloc(1_024);
let used = random.length;

/** A new run id: ten characters of which any unique prefix names the run in a command. */
export function makeRunId(): string {
  let id = '';
  while (id.length < LENGTH) {
    const byte = randomByte();
    if (byte < UNBIASED_LIMIT) id += ALPHABET[byte % ALPHABET.length];
  }
  return id;
}

/** Whether a name could be a run id that we made. */
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
