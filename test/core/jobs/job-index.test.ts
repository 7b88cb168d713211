import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JobFiles } from '../../../src/core/jobs/job-files.ts';
import { JobIndexFile } from '../../../src/core/jobs/job-index-file.ts';
import type { ParsedJob } from '../../../src/core/jobs/job-text.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';
import { DAILY } from '../fs/temp-store.ts';

const SCHEDULES = [DAILY, { timezone: 'UTC', time: '07:30', type: 'daily' }, { type: 'hourly', minute: 5 }];
const plain = fc.record(
  {
    schedule: fc.constantFrom(...SCHEDULES),
    config_name: fc.constant('books'),
    description: fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom('\t\n\u2028', '\ud800', '\0', '"\\'),
      fc.string({ minLength: 260, maxLength: 400 }),
    ),
    tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'é')),
    output_format: fc.constantFrom('csv', null),
    max_retries: fc.integer({ min: 0, max: 3 }),
    priority: fc.constant(0),
    enabled: fc.boolean(),
    revision: fc.integer({ min: 1, max: 9 }),
    created_at: fc.constant('2026-11-25T08:00:00.000Z'),
    updated_by: fc.constantFrom('cli', 'hand', 'somebody'),
  },
  { requiredKeys: ['schedule', 'config_name'] },
);
/** What a line of the index cannot say. */
const more = fc.constantFrom(
  { mine: { b: 1, a: 2 } },
  { expect: { min_items: 1, retry: true } },
  { expect: { retry: true, min_items: 1 } },
  { output_format: 'xlsx' },
  { schema_version: 2 },
  { id: 'another' },
);
const content = fc.oneof(
  { weight: 6, arbitrary: plain.map((fields) => JSON.stringify(fields, null, 2)) },
  {
    weight: 4,
    arbitrary: fc.tuple(plain, more).map(([fields, added]) => JSON.stringify({ ...fields, ...added })),
  },
  plain.map((fields) => `\uFEFF${JSON.stringify(fields)}`),
  fc.constantFrom('{', '[]', ''),
);
const change = fc.constantFrom(
  'kept',
  'kept',
  'edited',
  'replaced',
  'touched',
  'gone',
  'unknown',
  'noted anew',
);

class Folder {
  readonly jobs = join(tempFolder(), 'jobs');
  readonly index = join(dirname(this.jobs), 'jobs.index');

  constructor() {
    mkdirSync(this.jobs);
  }

  file(id: string): string {
    return join(this.jobs, `${id}.json`);
  }

  put(id: string, text: string): void {
    writeFileSync(this.file(id), text);
  }

  /** As a process that has just begun sees the files. */
  list(known: ReadonlyMap<string, string>, index: string | undefined = this.index): ParsedJob[] {
    return this.files(index).list((id) => known.get(id));
  }

  /** As {@link list}, and keeps what was read as a process does that could not know anything of it. */
  listAndKeep(known: ReadonlyMap<string, string> = new Map()): ParsedJob[] {
    const files = this.files();
    const jobs = files.list((id) => known.get(id));
    files.updateIndex();
    return jobs;
  }

  files(index = this.index): JobFiles {
    return new JobFiles(this.jobs, new JobIndexFile(index, this.jobs, 1));
  }

  async settled(): Promise<void> {
    const isSettled = (name: string) => Date.now() - statSync(join(this.jobs, name)).ctimeMs > 1_050;
    await waitFor('the files to settle', () => readdirSync(this.jobs).every(isSettled));
  }

  /** Has all files listed twice, so that there is an index. */
  async indexed(): Promise<{ jobs: ParsedJob[]; known: Map<string, string> }> {
    await this.settled();
    this.listAndKeep();
    const jobs = this.listAndKeep();
    return { jobs, known: hashes(jobs) };
  }
}

/** What the database notes of valid jobs. */
function hashes(jobs: readonly ParsedJob[]): Map<string, string> {
  return new Map(jobs.flatMap((job) => (job.kind === 'valid' ? [[job.id, job.definitionHash]] : [])));
}

/** Those that the index has a line of. */
function ids({ index }: Folder): string[] {
  const [, ...lines] = readFileSync(index, 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.slice(0, line.indexOf('\t')));
}

const GOOD = JSON.stringify({ config_name: 'books', schedule: DAILY, description: 'first' });

it('by the index the files say what they say without it, whatever has become of them since', async () => {
  const jobs = fc.array(fc.tuple(content, change, content), { minLength: 30, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(jobs, async (made) => {
      const folder = new Folder();
      const idOf = (index: number) => `job-${index}`;
      for (const [index, [text]] of made.entries()) folder.put(idOf(index), text);
      const { known } = await folder.indexed();
      expect(ids(folder).length).toBeGreaterThan(made.length / 4);
      for (const [index, [text, how, other]] of made.entries()) {
        const id = idOf(index);
        if (how === 'edited') folder.put(id, text.replace('books', 'shelf').replace('first', 'third'));
        if (how === 'replaced') {
          writeFileSync(`${folder.file(id)}.new`, other);
          renameSync(`${folder.file(id)}.new`, folder.file(id));
        }
        if (how === 'touched') utimesSync(folder.file(id), 1_000, 1_000);
        if (how === 'gone') rmSync(folder.file(id));
        if (how === 'unknown') known.delete(id);
        if (how === 'noted anew') known.set(id, 'another');
      }
      folder.put('added', GOOD);
      // The order of fields counts, too: files are written as they were read.
      expect(JSON.stringify(folder.list(known))).toBe(JSON.stringify(folder.list(known, 'none')));
    }),
    // A smaller example would take a second each.
    { numRuns: Number(process.env['QS_SEQUENCES'] ?? 6), endOnFailure: true },
  );
}, 3_600_000);

it('a file that has the stamp of its line is not read', async () => {
  const folder = new Folder();
  const long = GOOD.replace('first', `first ${'long '.repeat(60)}`);
  for (const [id, text] of Object.entries({ a: GOOD, b: long, c: GOOD })) folder.put(id, text);
  const { known } = await folder.indexed();
  expect(ids(folder)).toEqual(['a', 'b', 'c']);
  const [before, ...lines] = readFileSync(folder.index, 'utf8').split('\n');
  // As nobody writes it, so that it shows who was asked.
  const rest = lines.join('\n').replaceAll('"hand"', '"tui"');
  const sum = createHash('sha1').update(rest).digest('hex');
  writeFileSync(folder.index, `${before?.replace(/[0-9a-f]{40}/, sum)}\n${rest}`);
  folder.put('c', GOOD.replace('first', 'third'));
  const makers = folder.list(known).map((job) => job.kind === 'valid' && job.createdBy);
  expect(makers).toEqual(['tui', 'tui', 'hand']);
});

it('an index that is damaged, cut, of another folder, of another version or no file is none', async () => {
  const folder = new Folder();
  for (const id of ['a', 'b', 'c']) folder.put(id, GOOD);
  const { jobs, known } = await folder.indexed();
  const whole = readFileSync(folder.index);
  const damaged: (() => void)[] = [
    () => writeFileSync(folder.index, whole.toString().replace('first', 'third')),
    () => writeFileSync(folder.index, whole.toString().replace('"hand"', '"tui"')),
    () => writeFileSync(folder.index, whole.toString().replace(' 0.', ' 9.')),
    () => writeFileSync(folder.index, whole.toString().replace(folder.jobs, `${folder.jobs}2`)),
    () => writeFileSync(folder.index, Buffer.alloc(whole.length)),
    () => appendFileSync(folder.index, whole),
    ...[0, 1, 60, whole.length - 1].map((at) => () => writeFileSync(folder.index, whole.subarray(0, at))),
    () => rmSync(folder.index),
    () => mkdirSync(folder.index),
  ];
  for (const damage of damaged) {
    damage();
    expect(folder.list(known)).toEqual(jobs);
  }
  // In the place of a folder nothing can be written, and nothing is left of the attempt.
  writeFileSync(join(folder.index, 'mine'), '');
  expect(folder.listAndKeep()).toEqual(folder.listAndKeep());
  expect(readdirSync(dirname(folder.jobs)).sort()).toEqual(['jobs', 'jobs.index']);
});

it('a file that may change once more without a trace in its stamp is not in the index', async () => {
  const folder = new Folder();
  for (const id of ['a', 'b', 'd', 'e', 'f', 'g']) folder.put(id, GOOD);
  await folder.settled();
  folder.listAndKeep();
  // Were that one settled by now, this would say nothing.
  await waitFor('a look at it in time', () => {
    folder.put('c', GOOD);
    folder.listAndKeep();
    return Date.now() - statSync(folder.file('c')).ctimeMs < 1_000;
  });
  expect(ids(folder)).toEqual(['a', 'b', 'd', 'e', 'f', 'g']);
});

it('an index that is a pipe or a link is neither waited for nor followed', async () => {
  const folder = new Folder();
  folder.put('a', GOOD);
  const { jobs, known } = await folder.indexed();
  rmSync(folder.index);
  execFileSync('mkfifo', [folder.index]);
  expect(folder.listAndKeep(known)).toEqual(jobs);
  rmSync(folder.index);
  const elsewhere = join(dirname(folder.jobs), 'elsewhere');
  symlinkSync(elsewhere, folder.index);
  expect(folder.listAndKeep(known)).toEqual(jobs);
  expect(existsSync(elsewhere)).toBe(false);
});

it('is written when a quarter of the files had to be read, and by nobody who found more of them changed', async () => {
  const folder = new Folder();
  const all = Array.from({ length: 40 }, (_, index) => `job-${index}`);
  for (const id of all) folder.put(id, GOOD);
  await folder.settled();
  folder.listAndKeep();
  expect(statSync(folder.index).size).toBe(0);
  const known = hashes(folder.listAndKeep());
  expect(ids(folder)).toHaveLength(40);
  const written = () => statSync(folder.index).ino;
  const edit = async (some: readonly string[]) => {
    for (const id of some) folder.put(id, GOOD);
    await folder.settled();
    folder.listAndKeep(known);
  };
  const first = written();
  await edit(all.slice(0, 9));
  expect(written()).toBe(first);
  // Of the ten that had to be read one has changed since the listing before.
  await edit(all.slice(9, 10));
  const second = written();
  expect(second).not.toBe(first);
  await edit(all.slice(0, 10));
  expect(written()).toBe(second);
  // Nothing has changed since that listing, so that an index would have helped.
  folder.listAndKeep(known);
  expect(written()).not.toBe(second);
  expect(statSync(folder.index).mode & 0o777).toBe(0o600);
});
