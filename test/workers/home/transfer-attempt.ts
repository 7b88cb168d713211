import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { makeRunFolder, type RunFiles, runFiles } from '../../../src/core/runs/run-files.ts';
import { FileReceiver } from '../../../src/workers/home/file-receiver.ts';
import { FileSender, type Piece, RESEND_AFTER_MS } from '../../../src/workers/machine/file-sender.ts';
import type { RunFileName } from '../../../src/workers/protocol/messages.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';

/** More than any of these runs sends. */
export const MANY = 1 << 30;

/** One attempt of a run, with a folder at home and one at its worker. */
export class Attempt {
  readonly files: RunFiles;
  readonly there: string;
  readonly logAt: number;
  now = 0;
  sender: FileSender;
  receiver: FileReceiver;

  constructor(folder: string, logBefore = 'the log of an earlier attempt\n') {
    this.files = runFiles(resolveHome({ home: join(folder, 'home') }), 'job', 'run');
    mkdirSync(join(folder, 'home'), { recursive: true });
    makeRunFolder(this.files);
    writeFileSync(this.files.log, logBefore, { mode: 0o600 });
    writeFileSync(this.files.items, '{"left":"by an earlier attempt"}\n');
    this.there = join(folder, 'there');
    mkdirSync(this.there);
    this.logAt = logBefore.length;
    this.sender = this.newSender();
    this.receiver = this.newReceiver();
  }

  newSender(): FileSender {
    return new FileSender(this.there, 'token', this.logAt, undefined, () => this.now);
  }

  newReceiver(maxBytes = MANY): FileReceiver {
    return new FileReceiver(this.files, 'token', this.logAt, maxBytes);
  }

  write(file: RunFileName, bytes: Uint8Array | string): void {
    mkdirSync(dirname(join(this.there, file)), { recursive: true });
    appendFileSync(join(this.there, file), bytes);
  }

  /** A piece arrives, and its acknowledgement comes back. */
  deliver(piece: Piece): void {
    const receipt = this.receiver.receive(piece);
    if ('size' in receipt) this.sender.acknowledge(piece.file, receipt.size);
  }

  atHome(file: RunFileName): Buffer {
    if (file === 'run.log') return readFileSync(this.files.log).subarray(this.logAt);
    return readFileSync(file === 'items.jsonl' ? this.files.items : join(this.receiver.incoming, file));
  }
}

type Step =
  | { do: 'write'; file: RunFileName; size: number }
  | { do: 'next' | 'end' | 'restart home' | 'restart worker' }
  | { do: 'pass'; ms: number }
  | { do: 'deliver' | 'lose' | 'double'; of: 'pieces' | 'answers'; at: number };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      file: fc.constantFrom<RunFileName>('run.log', 'items.jsonl'),
      size: fc.oneof(fc.nat(300), fc.nat(300_000)),
    }),
  },
  { weight: 5, arbitrary: fc.constant({ do: 'next' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(RESEND_AFTER_MS * 2) }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('deliver' as const, 'deliver' as const, 'lose' as const, 'double' as const),
      of: fc.constantFrom('pieces' as const, 'answers' as const),
      at: fc.nat(50),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('end' as const, 'restart home' as const, 'restart worker' as const),
    }),
  },
);

/**
 * Sends the files of `numRuns` runs through queues that lose, double, delay and reorder, while either side restarts, and
 * compares them in the end, byte for byte.
 */
export function checkTransfers(numRuns: number): void {
  const folder = tempFolderInMemory();
  // Without a period, so that pieces that change places are seen; text, because the home cleans logs.
  const noise = Buffer.from(randomBytes(1 << 19).toString('hex'));
  void fc.assert(
    fc.property(fc.array(STEP, { maxLength: 60 }), (steps) => {
      const mine = mkdtempSync(join(folder, 'x-'));
      const attempt = new Attempt(mine);
      const pieces: Piece[] = [];
      const answers: { file: RunFileName; size: number }[] = [];
      let written = 0;
      let ended = false;
      const end = () => {
        if (!ended) attempt.write('collected.json', '{"rows":1}');
        if (!ended) attempt.write('pages/1.html', noise.subarray(0, 200_000));
        ended = true;
        attempt.sender.end();
      };
      const deliver = (of: 'pieces' | 'answers', at: number, keep: boolean) => {
        const queue: unknown[] = of === 'pieces' ? pieces : answers;
        if (queue.length === 0) return;
        const chosen = at % queue.length;
        if (of === 'pieces') {
          const piece = pieces[chosen] as Piece;
          const receipt = attempt.receiver.receive(piece);
          if ('size' in receipt) answers.push({ file: piece.file, size: receipt.size });
        } else {
          const answer = answers[chosen] as (typeof answers)[number];
          attempt.sender.acknowledge(answer.file, answer.size);
        }
        if (!keep) queue.splice(chosen, 1);
      };
      for (const step of steps) {
        if (step.do === 'write' && !ended) {
          attempt.write(step.file, noise.subarray(written, written + step.size));
          written = (written + step.size) % (noise.length >> 1);
        } else if (step.do === 'next') pieces.push(...attempt.sender.next());
        else if (step.do === 'pass') attempt.now += step.ms;
        else if (step.do === 'end') end();
        else if (step.do === 'restart home') attempt.receiver = attempt.newReceiver();
        else if (step.do === 'restart worker') {
          attempt.sender = attempt.newSender();
          if (ended) attempt.sender.end();
        } else if (step.do === 'lose') (step.of === 'pieces' ? pieces : answers).splice(step.at, 1);
        else if (step.do === 'deliver' || step.do === 'double')
          deliver(step.of, step.at, step.do === 'double');
      }
      end();
      for (let round = 0; !attempt.sender.isAtHome(); round += 1) {
        expect(round).toBeLessThan(100);
        pieces.push(...attempt.sender.next());
        while (pieces.length > 0) deliver('pieces', 0, false);
        while (answers.length > 0) deliver('answers', 0, false);
        attempt.now += RESEND_AFTER_MS + 1;
      }
      const sizes = attempt.sender.sizes();
      expect(attempt.receiver.different(sizes)).toEqual([]);
      for (const file of Object.keys(sizes) as RunFileName[]) {
        expect(attempt.atHome(file).equals(readFileSync(join(attempt.there, file))), file).toBe(true);
      }
      if (sizes['items.jsonl'] === undefined) expect(attempt.atHome('items.jsonl').length).toBe(0);
      rmSync(mine, { recursive: true });
    }),
    { numRuns },
  );
}
