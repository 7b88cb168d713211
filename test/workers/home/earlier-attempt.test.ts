import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { makeRunFolder, type RunFiles, runFiles } from '../../../src/core/runs/run-files.ts';
import { EarlierAttempt, findEarlierAttempt } from '../../../src/workers/home/earlier-attempt.ts';
import { FileReceiver } from '../../../src/workers/home/file-receiver.ts';
import { CheckpointSender } from '../../../src/workers/machine/checkpoint-sender.ts';
import { EarlierFiles, STALLED_AFTER_MS } from '../../../src/workers/machine/earlier-files.ts';
import { FileSender, RESEND_AFTER_MS, WINDOW_BYTES } from '../../../src/workers/machine/file-sender.ts';
import type { HomeMessage, WorkerMessage } from '../../../src/workers/protocol/messages.ts';
import { propertyRuns } from '../../property-runs.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';

const MANY = 1 << 30;
const NOISE = Buffer.from(randomBytes(1 << 20).toString('hex'));

/** The files of a run at home, as an earlier attempt has left them; the last bytes belong to no checkpoint. */
function leftAtHome(folder: string, items: number, more: object = {}): RunFiles {
  const files = runFiles(resolveHome({ home: join(folder, 'home') }), 'job', 'run');
  mkdirSync(join(folder, 'home'), { recursive: true });
  makeRunFolder(files);
  writeFileSync(files.items, NOISE.subarray(0, items + 7));
  writeFileSync(files.checkpoint, JSON.stringify({ itemBytes: items, ...more }));
  return files;
}

function earlierOf(files: RunFiles): { items: number; checkpoint: number } {
  const { earlier } = findEarlierAttempt(files);
  if (earlier === undefined) throw new Error('nothing was found');
  return earlier;
}

describe('what an earlier attempt has left', () => {
  it('is nothing without a checkpoint', () => {
    const files = leftAtHome(tempFolderInMemory(), 10);
    rmSync(files.checkpoint);
    expect(findEarlierAttempt(files)).toEqual({});
  });

  it('is not for a worker, which says so, when it is too much, or damaged', () => {
    const files = leftAtHome(tempFolderInMemory(), 100);
    expect(findEarlierAttempt(files)).toEqual({ earlier: { items: 100, checkpoint: 17 } });
    expect(findEarlierAttempt(files, 99)).toEqual({
      startsOver: expect.stringMatching(/^the items of .* exceed/),
    });
    truncateSync(files.items, 99);
    expect(findEarlierAttempt(files)).toEqual({
      startsOver: 'some items of the earlier attempt are missing',
    });
    for (const damaged of ['{"itemBytes":-1}', '{"itemBytes":"1"}', '[', 'null']) {
      writeFileSync(files.checkpoint, damaged);
      expect(findEarlierAttempt(files)).toEqual({ startsOver: expect.stringContaining('cannot be read') });
    }
    truncateSync(files.checkpoint, 1_000_001);
    expect(findEarlierAttempt(files)).toEqual({ startsOver: expect.stringContaining('exceeds 1 MB') });
  });

  it('is answered with at most a mebibyte, and not again while that is on its way', () => {
    const files = leftAtHome(tempFolderInMemory(), 3 * (WINDOW_BYTES >> 1), { seen: ['x'.repeat(300_000)] });
    let now = 0;
    const earlier = new EarlierAttempt(files, earlierOf(files), () => now);
    const sum = (parts: { data: Uint8Array }[]) =>
      parts.reduce((bytes, { data }) => bytes + data.byteLength, 0);
    expect(sum(earlier.read(0))).toBe(WINDOW_BYTES);
    expect(earlier.read(0)).toEqual([]);
    expect(earlier.read(WINDOW_BYTES - 1)).toEqual([]);
    now += RESEND_AFTER_MS;
    expect(sum(earlier.read(0))).toBe(WINDOW_BYTES);
    expect(sum(earlier.read(WINDOW_BYTES))).toBeGreaterThan(WINDOW_BYTES / 2 + 300_000);
    expect(earlier.read(MANY)).toEqual([]);
  });

  it('is given up by a worker that gets none of it for a minute', () => {
    let now = 0;
    const sizes = { items: 10, checkpoint: 5 };
    const fetched = new EarlierFiles(tempFolderInMemory(), 'token', sizes, () => now);
    expect(fetched.next()).toMatchObject({ at: 0 });
    expect(fetched.next()).toBe(undefined);
    now += RESEND_AFTER_MS + 1;
    expect(fetched.next()).toMatchObject({ at: 0 });
    fetched.receive({ at: 0, data: Buffer.from('0123') });
    now += STALLED_AFTER_MS;
    expect(fetched.isStalled).toBe(false);
    now += 1;
    expect(fetched.isStalled).toBe(true);
  });

  it('arrives byte for byte, whatever the queues lose, double, delay or reorder', () => {
    const folder = tempFolderInMemory();
    const action = fc.tuple(fc.constantFrom('deliver', 'deliver', 'lose', 'double'), fc.nat(50));
    void fc.assert(
      fc.property(
        fc.nat(600_000),
        fc.nat(200_000),
        fc.array(action, { maxLength: 60 }),
        (items, extra, actions) => {
          const mine = mkdtempSync(join(folder, 'x-'));
          const files = leftAtHome(mine, items, { seen: ['y'.repeat(extra)] });
          const sizes = earlierOf(files);
          let now = 0;
          const home = new EarlierAttempt(files, sizes, () => now);
          const fetched = new EarlierFiles(mine, 'token', sizes, () => now);
          const parts: ReturnType<EarlierAttempt['read']> = [];
          const step = (what: string, at: number) => {
            const wanted = fetched.next();
            if (wanted && what !== 'lose') parts.push(...home.read(wanted.at));
            const [part] =
              what === 'double' ? parts.slice(at % parts.length) : parts.splice(at % parts.length, 1);
            if (part && what !== 'lose') fetched.receive(part);
            now += 1_000;
          };
          for (const [what, at] of actions) step(what, at);
          for (let round = 0; !fetched.isComplete; round += 1) {
            expect(round).toBeLessThan(200);
            step('deliver', 0);
          }
          expect(fetched.checkpoint()).toBe(readFileSync(files.checkpoint, 'utf8'));
          const received = items === 0 ? Buffer.alloc(0) : readFileSync(join(mine, 'items.jsonl'));
          expect(received.equals(NOISE.subarray(0, items))).toBe(true);
          rmSync(mine, { recursive: true });
        },
      ),
      { numRuns: propertyRuns(100) },
    );
  });
});

type Step =
  | { do: 'page'; bytes: number }
  | { do: 'send' }
  | { do: 'restart home' }
  | { do: 'deliver' | 'lose' | 'double'; of: 'words' | 'answers'; at: number };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('page' as const), bytes: fc.nat(200_000) }) },
  { weight: 4, arbitrary: fc.constant({ do: 'send' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart home' as const }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom('deliver' as const, 'deliver' as const, 'lose' as const, 'double' as const),
      of: fc.constantFrom('words' as const, 'answers' as const),
      at: fc.nat(50),
    }),
  },
);

describe('the checkpoints of an attempt that continues an earlier one, or starts over', () => {
  it('count at home only with all of their items, whatever the queues lose, double, delay or reorder', () => {
    const folder = tempFolderInMemory();
    void fc.assert(
      fc.property(
        fc.boolean(),
        fc.nat(100_000),
        fc.array(STEP, { maxLength: 80 }),
        (isContinued, before, steps) => {
          const mine = mkdtempSync(join(folder, 'x-'));
          const files = leftAtHome(mine, before, { page: 0 });
          const open = () => new FileReceiver(files, 'token', 0, MANY, before);
          let home = open();
          let now = 0;
          const clock = () => now;
          const there = join(mine, 'there');
          mkdirSync(there);
          const items = join(there, 'items.jsonl');
          writeFileSync(items, NOISE.subarray(0, before));
          const sender = new FileSender(there, 'token', 0, before, clock);
          const checkpoints = new CheckpointSender('token', clock);
          expect(sender.next()).toEqual([]);
          // Other bytes than those of the earlier attempt.
          const rows = isContinued ? NOISE : NOISE.subarray(1 << 19);
          let written = isContinued ? before : 0;
          if (!isContinued) truncateSync(items, 0);
          sender.begin(isContinued);
          let page = 0;
          const words: WorkerMessage[] = [];
          const answers: HomeMessage[] = [];
          const token = 'token';
          const send = () => {
            const startOver = sender.startOver();
            if (startOver) words.push(startOver);
            words.push(...sender.next());
            const checkpoint = sender.isRemoving ? undefined : checkpoints.next(sender.sentItems);
            if (checkpoint) words.push(checkpoint);
            now += 2_000;
          };
          const hear = (word: WorkerMessage) => {
            if (word.kind === 'piece') {
              const receipt = home.receive(word);
              if ('size' in receipt)
                answers.push({ kind: 'have', token, file: word.file, size: receipt.size });
            } else if (word.kind === 'start_over') {
              home.startOver();
              answers.push({ kind: 'have', token, file: 'items.jsonl', size: home.size('items.jsonl') });
            } else if (word.kind === 'checkpoint' && home.replaceCheckpoint(word.items, word.data))
              answers.push({ kind: 'kept', token, number: word.number });
          };
          const read = (answer: HomeMessage) => {
            if (answer.kind === 'have') sender.acknowledge(answer.file, answer.size);
            if (answer.kind === 'kept') checkpoints.acknowledge(answer.number);
          };
          const check = () => {
            if (!existsSync(files.checkpoint)) return;
            const { itemBytes, page: of } = JSON.parse(readFileSync(files.checkpoint, 'utf8'));
            const kept = readFileSync(files.items);
            expect(kept.length).toBeGreaterThanOrEqual(itemBytes);
            const bytes = of === 0 ? NOISE : rows;
            expect(kept.subarray(0, itemBytes).equals(bytes.subarray(0, itemBytes))).toBe(true);
          };
          const take = <T>(queue: T[], at: number, what: string, use: (word: T) => void) => {
            if (queue.length === 0) return;
            const [word] =
              what === 'double' ? queue.slice(at % queue.length) : queue.splice(at % queue.length, 1);
            if (word !== undefined && what !== 'lose') use(word);
          };
          for (const step of steps) {
            if (step.do === 'page') {
              const end = Math.min(written + step.bytes, 1 << 19);
              appendFileSync(items, rows.subarray(written, end));
              written = end;
              page += 1;
              checkpoints.add({ items: written, text: JSON.stringify({ itemBytes: written, page }) });
            } else if (step.do === 'send') send();
            else if (step.do === 'restart home') home = open();
            else if (step.of === 'words') take(words, step.at, step.do, hear);
            else take(answers, step.at, step.do, read);
            check();
          }
          sender.end();
          checkpoints.end(true);
          for (let round = 0; round < 30; round += 1) {
            send();
            while (words.length > 0) take(words, 0, 'deliver', hear);
            while (answers.length > 0) take(answers, 0, 'deliver', read);
            check();
          }
          expect(sender.isAtHome()).toBe(true);
          expect(readFileSync(files.items).equals(readFileSync(items))).toBe(true);
          const kept = existsSync(files.checkpoint)
            ? JSON.parse(readFileSync(files.checkpoint, 'utf8'))
            : undefined;
          expect(kept?.page).toBe(page > 0 || isContinued ? page : undefined);
          expect(readdirSync(files.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
          rmSync(mine, { recursive: true });
        },
      ),
      { numRuns: propertyRuns(200) },
    );
  });
});
