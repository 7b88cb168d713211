import { randomFillSync, randomInt } from 'node:crypto';
import { QuickscrapeError } from '../lib/errors.ts';

export const NAME = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/;
/** Names that Windows reserves for devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;
const MAX_DEVICE_LENGTH = 4;
const MAX_LENGTH = 64;
/** No vowels and no ambiguous characters: an id never spells a word and is easy to read aloud. */
const LETTERS = 'bcdfghjkmnpqrstvwxz23456789';

/**
 * Whether `value` is a valid name of a job or a configuration (docs/contributing/adr/0001). A valid name is safe as a
 * file name.
 */
export function isName(value: string): boolean {
  return NAME.test(value) && (value.length > MAX_DEVICE_LENGTH || !DEVICE.test(value));
}

/**
 * Checks the name of a job or a configuration.
 * @throws QuickscrapeError `invalid_params` that names `field`, the value and what is allowed
 */
export function parseName(value: string, field: string): string {
  if (isName(value)) return value;
  const shown = JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  const reserved = DEVICE.test(value) ? ' (Windows keeps this name for a device)' : '';
  throw new QuickscrapeError('invalid_params', `${field}: ${shown} is not a valid name${reserved}`, {
    field,
    hint: 'Use 1 to 64 lower-case letters, digits, "-" and "_", with a letter or digit at both ends.',
  });
}

/** Makes an id from the configuration's name and four random characters: `news_scraper` → `news-scraper-k3f9`. */
export function makeJobId(configName: string, taken: (id: string) => boolean): string {
  const base = configName
    .replaceAll('_', '-')
    .slice(0, MAX_LENGTH - 5)
    .replace(/-+$/, '');
  for (;;) {
    const tail = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    const id = `${base}-${tail}`;
    if (!taken(id)) return id;
  }
}

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
