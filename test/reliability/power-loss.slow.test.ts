import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkspace } from '../../src/core/workspace.ts';
import { bundleFixture } from '../fixtures/bundle-fixture.ts';
import { PROGRAM } from '../program.ts';
import { tempFolderInMemory } from '../temp-folder.ts';
import { findBrokenPromises, readSession } from './power-loss/broken-promises.ts';
import { type Cut, type Files, RecordedDisk } from './power-loss/disk.ts';
import { record, whyNoRecording } from './power-loss/recording.ts';

// A session of real processes is recorded by strace, the disk of each moment worked out from that by the model that the
// head of power-loss/disk.ts describes, and the home opened as it would be found when the power comes back.

/** So many states are opened, beside all in which nothing is left but what was synced; `all`: each that there is. */
const CUTS =
  process.env['QS_CUTS'] === 'all' ? Number.POSITIVE_INFINITY : Number(process.env['QS_CUTS'] ?? 120);

const whyNot = whyNoRecording();
let session: Awaited<ReturnType<typeof bundleFixture>>;
beforeAll(async () => {
  session = await bundleFixture('power-session');
});
afterAll(() => session.remove());

it('a power loss at any moment loses nothing acknowledged, starts nothing twice and leaves nothing half written', async ({
  skip,
  annotate,
}) => {
  skip(whyNot !== undefined, whyNot);
  // In memory, where other tests' syncs do not hold up the session: what it asks for is recorded, and no disk is needed.
  const folder = tempFolderInMemory();
  const [home, marks] = [join(folder, 'home'), join(folder, 'marks')];
  const recorded = await record([session.file, PROGRAM, home, marks], folder);
  const disk = new RecordedDisk(recorded, folder, home);
  // The recording has all: played to its end it is what stands there.
  expect(describeFiles(disk.whole())).toEqual(
    describeFiles(new Map([...filesBelow(home, folder), ['home', null]])),
  );
  const left = openWorkspace({ home, actor: 'library' });
  const seen = readSession(recorded, marks, left);
  left.close();
  expect(seen.hits.length).toBeGreaterThan(5);

  const place = join(tempFolderInMemory(), 'home');
  const wrong: string[] = [];
  const { chosen, all } = choose(disk, recorded.length);
  expect(all).toBeGreaterThan(1_000);
  await annotate(`${all} states after ${recorded.length} calls, ${chosen.length} of them opened`);
  for (const cut of chosen) {
    const at = recorded[Math.max(0, cut.after - 1)]?.at ?? 0;
    for (const what of findBrokenPromises(disk.files(cut), place, { after: cut.after, at }, seen))
      wrong.push(`after ${cut.after} calls, ${cut.how}: ${what}`);
  }
  rmSync(place, { recursive: true, force: true });
  expect(wrong.slice(0, 20)).toEqual([]);
});

/** Those states that a power loss leaves, each once, with the latest moment at which it can be found. */
function choose(disk: RecordedDisk, moments: number): { chosen: Cut[]; all: number } {
  const states = new Map<string, Cut>();
  const bare = new Set<string>();
  for (let after = 0; after <= moments; after += 1)
    for (const cut of disk.cutsAfter(after)) {
      const word = disk.word(cut);
      states.set(word, cut);
      if (cut.there.size === 0) bare.add(word);
    }
  const others = [...states.keys()].filter((word) => !bare.has(word));
  const every = Math.max(1, others.length / CUTS);
  const some = others.filter((_, n) => Math.floor(n / every) !== Math.floor((n - 1) / every));
  const chosen = [...bare, ...some].flatMap((word) => states.get(word) ?? []);
  return { chosen, all: states.size };
}

function filesBelow(folder: string, root: string): Files {
  const files: Files = new Map();
  for (const name of readdirSync(folder).filter((each) => !each.endsWith('-shm'))) {
    const path = join(folder, name);
    const isFolder = statSync(path).isDirectory();
    files.set(relative(root, path), isFolder ? null : readFileSync(path));
    if (isFolder) for (const [below, bytes] of filesBelow(path, root)) files.set(below, bytes);
  }
  return files;
}

function describeFiles(files: Files): string[] {
  return [...files].map(([path, bytes]) => `${path} ${bytes?.toString('base64') ?? ''}`).sort();
}
