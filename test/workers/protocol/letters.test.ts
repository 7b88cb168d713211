import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  openHomeLetter,
  openStart,
  openWorkerLetter,
  sealHomeLetter,
  sealStart,
  sealWorkerLetter,
} from '../../../src/workers/protocol/letters.ts';
import type { Grant, HomeMessage, WorkerLetter } from '../../../src/workers/protocol/messages.ts';
import { LetterError, MAX_PLAIN_BYTES, open, PROTOCOL, seal } from '../../../src/workers/protocol/seal.ts';

const KEY = randomBytes(32);
const LETTER: WorkerLetter = {
  worker: 'paris-1',
  version: '0.1.0+1f0c9a2b',
  incarnation: 'b0c9',
  now: 1_790_000_000_000.5,
  slots: 4,
  tags: ['browser', 'eu'],
  executing: ['t-1'],
  problem: null,
  messages: [
    { kind: 'hello', incarnation: 'b0c9' },
    { kind: 'claim', run: 'abc', token: 't-1', claim: 'c-1' },
    { kind: 'piece', token: 't-1', file: 'run.log', at: 7, data: Buffer.from([0, 255, 10, 13]) },
    { kind: 'progress', token: 't-1', items: 20, pages: 2, bytes: 12_345, total: null },
    { kind: 'piece', token: 't-1', file: 'pages/9.html', at: 0, data: Buffer.from('日本語') },
    { kind: 'want_earlier', token: 't-1', at: 1_048_576 },
    { kind: 'start_over', token: 't-1' },
    { kind: 'checkpoint', token: 't-1', number: 1, items: 9, data: Buffer.from('{"format":3}') },
    { kind: 'lost', token: 't-2', because: 'process' },
    {
      kind: 'collected',
      token: 't-1',
      sizes: { 'run.log': 11, 'collected.json': 2 },
      checkpoint: 1,
      cookies: null,
    },
  ],
};
const GRANT: Grant = {
  kind: 'grant',
  run: 'abc',
  token: 't-1',
  claim: 'c-1',
  now: 1,
  job_id: 'news',
  attempt: 1,
  max_attempts: 4,
  trigger: 'schedule',
  timezone: 'Europe/Paris',
  timeout_seconds: 3_600,
  log_at: 0,
  config: { yaml: 'url: https://example.com/\n', file: 'configs/news.yaml', is_client_text: false },
  env: { PASSWORD: 'päss' },
  settings: { request_timeout: 30 },
  expect: { min_items: 1 },
  cookies: null,
  max_result_bytes: 2_147_483_648,
  earlier: { items: 9, checkpoint: 12 },
  starts_over: null,
};
const HOME_MESSAGES: HomeMessage[] = [
  GRANT,
  { kind: 'refuse', token: 't-2', why: 'this start no longer counts' },
  { kind: 'have', token: 't-1', file: 'items.jsonl', size: 131_072 },
  { kind: 'earlier', token: 't-1', at: 9, data: Buffer.from([0, 255, 10, 13]) },
  { kind: 'kept', token: 't-1', number: 1 },
  { kind: 'done', token: 't-1' },
  { kind: 'cancel', token: 't-1', by: 'cli' },
  { kind: 'alive', pools: ['', 'browser', 'browser,eu'], max_away_seconds: 60 },
  { kind: 'drain', now: false },
  { kind: 'revoked' },
];

function reasonOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return error instanceof LetterError ? error.reason : `${error}`;
  }
  return undefined;
}

/** A letter of the worker with any content, sealed with its key. */
function sealAny(content: unknown, rest: Uint8Array = new Uint8Array()): string {
  const json = Buffer.from(JSON.stringify(content));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return seal(KEY, 'worker paris-1>home', Buffer.concat([length, json, rest]));
}

describe('a letter', () => {
  it('of a worker arrives as it was, pieces byte for byte', () => {
    expect(openWorkerLetter(KEY, 'paris-1', sealWorkerLetter(KEY, LETTER))).toEqual(LETTER);
  });

  it('of the home arrives as it was', () => {
    expect(openHomeLetter(KEY, 'paris-1', sealHomeLetter(KEY, 'paris-1', HOME_MESSAGES, 'b0c9'))).toEqual({
      incarnation: 'b0c9',
      messages: HOME_MESSAGES,
    });
  });

  it('shows nothing of its content, and is another one each time', () => {
    const [one, two] = [
      sealHomeLetter(KEY, 'paris-1', HOME_MESSAGES),
      sealHomeLetter(KEY, 'paris-1', HOME_MESSAGES),
    ];
    expect(one).not.toBe(two);
    expect(Buffer.from(one, 'base64').includes('example.com')).toBe(false);
  });

  it('opens with no other key and at no other place', () => {
    const sealed = sealWorkerLetter(KEY, LETTER);
    expect(reasonOf(() => openWorkerLetter(randomBytes(32), 'paris-1', sealed))).toBe('seal');
    expect(reasonOf(() => openWorkerLetter(KEY, 'paris-2', sealed))).toBe('seal');
    expect(reasonOf(() => openHomeLetter(KEY, 'paris-1', sealed))).toBe('seal');
    const start = sealStart(KEY, 'browser', { run: 'abc', token: 't-1' });
    expect(openStart(KEY, 'browser', start)).toEqual({ run: 'abc', token: 't-1' });
    expect(reasonOf(() => openStart(KEY, 'browser,eu', start))).toBe('seal');
  });

  it('of which any bit was changed does not open', () => {
    const sealed = Buffer.from(sealStart(KEY, '', { run: 'abc', token: 't-1' }), 'base64');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(reasonOf(() => openStart(KEY, '', changed.toString('base64')))).toBe('seal');
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(reasonOf(() => openStart(KEY, '', sealed.subarray(0, length).toString('base64')))).toBe('seal');
    }
  });

  it('has one spelling', () => {
    const sealed = sealStart(KEY, '', { run: 'abc', token: 't-1' });
    for (const other of [`${sealed}\n`, ` ${sealed}`, `${sealed}AAAA`, undefined, 7, [sealed]]) {
      expect(reasonOf(() => openStart(KEY, '', other))).toBe('seal');
    }
  });

  it('of another protocol is refused with its number, which is authenticated', () => {
    const sealed = seal(KEY, 'place', Buffer.from('{}'), PROTOCOL - 1);
    expect(() => open(KEY, 'place', sealed)).toThrow(
      expect.objectContaining({ reason: 'protocol', protocol: PROTOCOL - 1 }),
    );
    expect(reasonOf(() => open(randomBytes(32), 'place', sealed))).toBe('seal');
  });

  it('that grows without end when it is opened is refused', () => {
    const bomb = deflateRawSync(Buffer.alloc(MAX_PLAIN_BYTES + 1));
    expect(bomb.length).toBeLessThan(32_000);
    expect(reasonOf(() => seal(KEY, 'p', Buffer.alloc(MAX_PLAIN_BYTES + 1)))).toBe('size');
    expect(reasonOf(() => seal(KEY, 'p', randomBytes(1_600_000)))).toBe('size');
    expect(reasonOf(() => open(KEY, 'p', 'A'.repeat(3 << 20)))).toBe('size');
  });
});

describe('a letter that a compromised worker makes', () => {
  const { worker, messages, ...head } = LETTER;
  const reads = (message: unknown, rest?: Uint8Array) =>
    reasonOf(() => openWorkerLetter(KEY, worker, sealAny({ ...head, messages: [message] }, rest)));
  const piece = { kind: 'piece', token: 't-1', file: 'run.log', at: 0, bytes: 3 };

  it('names only the files of a run', () => {
    expect(reads(piece, Buffer.from('abc'))).toBeUndefined();
    for (const file of [
      '../run.log',
      '/etc/passwd',
      'pages/0.html',
      'pages/10.html',
      'pages/../x',
      'RUN.LOG',
    ]) {
      expect(reads({ ...piece, file }, Buffer.from('abc'))).toBe('content');
    }
    expect(reads({ kind: 'collected', token: 't', sizes: { 'x.sh': 1 } })).toBe('content');
  });

  it('has no more bytes than it brings, and none at odd places', () => {
    for (const bytes of [4, -1, 0.5, 1e300, null, '3']) {
      expect(reads({ ...piece, bytes }, Buffer.from('abc'))).toBe('content');
    }
    for (const at of [-1, 0.5, 1e300, null])
      expect(reads({ ...piece, at }, Buffer.from('abc'))).toBe('content');
    expect(reads({ ...piece, bytes: 131_073 }, Buffer.alloc(131_073))).toBe('content');
    expect(reads({ ...piece, data: 'abc' })).toBe('content');
  });

  it('throws nothing but that it is refused, whatever is in it', () => {
    void fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ ...Object.fromEntries(Object.keys(head).map((name) => [name, fc.jsonValue()])) }),
          fc.array(fc.jsonValue()).map((any) => ({ ...head, messages: any })),
          fc
            .record({ kind: fc.constantFrom('piece', 'claim', 'hello', '__proto__'), token: fc.jsonValue() })
            .map((any) => ({ ...head, messages: [any] })),
        ),
        fc.uint8Array({ maxLength: 50 }),
        (content, rest) => {
          const reason = reasonOf(() => openWorkerLetter(KEY, worker, sealAny(content, rest)));
          expect(['content', undefined]).toContain(reason);
        },
      ),
      { numRuns: 500 },
    );
    void fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (plain) => {
        const sealed = seal(KEY, 'worker paris-1>home', plain);
        expect(reasonOf(() => openWorkerLetter(KEY, worker, sealed))).toBe('content');
      }),
    );
  });
});
