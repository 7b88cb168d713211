import { Random } from '../../../src/sandbox/random.ts';
import { EDGE_CASES } from './edge-cases.ts';

const SEEDS = EDGE_CASES.map(([, message]) => Buffer.from(message)).filter(({ length }) => length < 2_000);

/** What a parser stumbles over: brackets, quotes, ends of lines, escapes, odd UTF-8, numbers, names that objects have. */
const PIECES = [
  ...['{', '}', '[', ']', '"', '\\', ',', ':', '\n', '\r\n', '\r', '\0', '\t', ' '],
  ...['null', 'true', '-0', '1e999', '9007199254740993', '0.1', '""', '{}', '[]', '[[]]'],
  ...['"id":', '"id":null', '"jsonrpc":"2.0"', '"method":"list_jobs"', '"params":{}', '"__proto__":{}'],
  ...['"constructor"', '"subscribe"', '"\\ud800"', '"\\u0000"', 'é', '📚', '\u2028', '\uFEFF', '<script>'],
  ...['Content-Length: 3\r\n\r\n', 'Content-Length: ', 'content-type: x; charset=latin1\n'],
].map((text) => Buffer.from(text));

const BYTES = [0x00, 0x0a, 0x0d, 0x22, 0x5c, 0x7b, 0x7f, 0x80, 0xbf, 0xc0, 0xed, 0xf4, 0xff];

/** Messages, by default of the edge cases, each changed in one place or more; the same for the same seed. */
export function* mutatedMessages(
  count: number,
  seed: number,
  messages: readonly Buffer[] = SEEDS,
): Generator<Buffer> {
  const random = new Random(seed);
  for (let n = 0; n < count; n += 1) {
    let message: Buffer = random.pick(messages);
    for (let changes = random.integer(1, 4); changes > 0; changes -= 1)
      message = mutated(message, random, messages);
    yield message;
  }
}

function mutated(message: Buffer, random: Random, messages: readonly Buffer[]): Buffer {
  const at = random.integer(0, message.length);
  const length = random.integer(0, Math.min(12, message.length - at));
  const [before, part, after] = [
    message.subarray(0, at),
    message.subarray(at, at + length),
    message.subarray(at + length),
  ];
  switch (random.integer(0, 6)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return Buffer.concat([before, part, part, after]);
    case 2:
      return Buffer.concat([before, random.pick(PIECES), part, after]);
    case 3:
      return Buffer.concat([before, random.pick(PIECES), after]);
    case 4:
      return Buffer.concat([before, Buffer.from([random.pick(BYTES)]), part, after]);
    case 5: {
      const flipped = Buffer.from(message);
      const byte = flipped[at];
      if (byte !== undefined) flipped[at] = byte ^ (1 << random.integer(0, 7));
      return flipped;
    }
    default:
      return Buffer.concat([before, random.pick(messages), after]);
  }
}
