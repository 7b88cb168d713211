import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TempStore } from '../core/fs/temp-store.ts';
import { bundleFixture } from '../fixtures/bundle-fixture.ts';

/** QS_KILLS=1000 for a release; each run of the tests does fewer. */
const KILLS = Number(process.env['QS_KILLS'] ?? 30);
const WRITERS = 3;
/** By each of eight processes. */
const EDITS = process.env['QS_KILLS'] === undefined ? 60 : 250;

let fixture: Awaited<ReturnType<typeof bundleFixture>>;

beforeAll(async () => {
  fixture = await bundleFixture('job-writer');
});
afterAll(() => fixture.remove());

/** What one writer has said, by job: the last state acknowledged, and the one under way when it died. */
interface Told {
  acked: Map<string, string>;
  tried: { id: string; state: string } | undefined;
  acks: number;
  last: number;
}

/** Lets one writer write, kills it at a random moment, and returns when its last words are in `told`. */
async function writeUntilKilled(home: string, name: string, told: Told): Promise<void> {
  const child = spawn(process.execPath, [fixture.file, home, 'write', name, String(told.last)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rest = '';
  let killing: Promise<void> | undefined;
  // Sometimes within its first write, sometimes within a later one.
  const enough = told.acks + Math.floor(Math.random() * 7);
  child.stdout.on('data', (data: Buffer) => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [what, id = '', state = ''] = line.split(' ');
      told.last = Math.max(told.last, Number(state) || 0);
      told.tried = what === 'try' ? { id, state } : undefined;
      if (what !== 'ack') continue;
      told.acked.set(id, state);
      told.acks += 1;
    }
    if (told.acks >= enough) killing ??= killSoon(child);
  });
  const [, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (code, by) => resolve([code, by])),
  );
  expect(signal).toBe('SIGKILL');
  await killing;
}

async function killSoon(child: ChildProcess): Promise<void> {
  await delay(Math.random() * 12);
  child.kill('SIGKILL');
}

/** What the file on disk says, read without the store: a state, `deleted`, or why it cannot be read. */
function stateOnDisk(jobs: string, id: string): string {
  const file = join(jobs, `${id}.json`);
  if (!existsSync(file)) return 'deleted';
  try {
    return String(JSON.parse(readFileSync(file, 'utf8')).description);
  } catch (error) {
    return `unreadable: ${String(error)}`;
  }
}

it(`loses nothing acknowledged and leaves nothing unreadable over ${KILLS} kill -9`, async () => {
  using temp = new TempStore();
  let kills = 0;
  let acks = 0;
  const writers = Array.from({ length: WRITERS }, async (_, index) => {
    const told: Told = { acked: new Map(), tried: undefined, acks: 0, last: 0 };
    while (kills < KILLS) {
      kills += 1;
      await writeUntilKilled(temp.paths.home, `w${index}`, told);
      for (const [id, state] of told.acked) {
        const found = stateOnDisk(temp.paths.jobs, id);
        const allowed = told.tried?.id === id ? [state, told.tried.state] : [state];
        expect(allowed, `${id} after ${kills} kills`).toContain(found);
        // What was under way counts from here on as it is.
        told.acked.set(id, found);
      }
    }
    acks += told.acks;
  });
  await Promise.all(writers);
  expect(acks).toBeGreaterThan(KILLS);
  expect(temp.store.list().filter((entry) => entry.kind !== 'valid')).toEqual([]);
  // The first write of a living process clears away what the killed ones left half-written.
  await temp.create('after');
  expect(readdirSync(temp.paths.jobs).filter((name) => name.endsWith('.tmp'))).toEqual([]);
}, 900_000);

it(`keeps all of 8 processes × ${EDITS} edits of one job`, async () => {
  using temp = new TempStore();
  await temp.create('shared', { description: 'start' });
  const ends = Array.from({ length: 8 }, (_, index) => {
    const args = [fixture.file, temp.paths.home, 'edit', String(index), String(EDITS)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    return new Promise<number | null>((resolve) => child.once('close', resolve));
  });
  expect(await Promise.all(ends)).toEqual(Array(8).fill(0));
  const { record } = temp.valid('shared');
  const words = record.definition.description?.split(' ') ?? [];
  const wanted = Array.from({ length: 8 * EDITS }, (_, n) => `${Math.floor(n / EDITS)}-${n % EDITS}`);
  expect(new Set(words)).toEqual(new Set(['start', ...wanted]));
  expect(words).toHaveLength(8 * EDITS + 1);
  expect(record.revision).toBe(8 * EDITS + 1);
});
