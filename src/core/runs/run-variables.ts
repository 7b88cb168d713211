import { createHmac, randomBytes } from 'node:crypto';
import { createReadStream, lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { Environment } from '../configs/home-environment.ts';
import { writeFileDurably } from '../fs/atomic-file.ts';
import { readRegularFile } from '../fs/read-regular-file.ts';
import { refuseLink } from '../fs/symlinks.ts';
import { once } from '../lib/once.ts';
import { createConcealer } from '../lib/redact.ts';
import { makeRunFolder, type RunFiles } from './run-files.ts';

const NAME = 'variables.json';
const MAX_BYTES = 1024 * 1024;

const recordSchema = once(() =>
  z.array(
    z.object({ name: z.string(), salt: z.string(), hash: z.string(), in_rows: z.boolean().optional() }),
  ),
);

/**
 * A variable that a run filled in. The hash of its value says later whether the value is still the same. `in_rows`:
 * whether the run's rows hold the value; absent as long as it is unknown.
 */
type RunVariable = z.infer<ReturnType<typeof recordSchema>>[number];

/**
 * Records the variables that an attempt fills in, with salted hashes of their values, before it fetches anything. What
 * earlier attempts of the run have recorded stays. Values that are too short to be secret are not recorded.
 * @throws QuickscrapeError `not_allowed` for a link; system errors
 */
export async function recordRunVariables(
  files: Pick<RunFiles, 'folder'>,
  values: Environment,
): Promise<void> {
  const secret = Object.entries(values).flatMap(([name, value = '']) =>
    createConcealer({ [name]: value }) === undefined ? [] : [{ name, value }],
  );
  // What the rows of an earlier attempt hold says nothing about those of this one.
  const known = readRecord(files.folder) ?? [];
  const before = known.map(({ in_rows: _, ...variable }) => variable);
  const hasNotes = known.some(({ in_rows }) => in_rows !== undefined);
  const added = secret.filter(
    ({ name, value }) => !before.some((known) => known.name === name && isValue(known, value)),
  );
  if (added.length === 0 && !hasNotes) return;
  makeRunFolder(files);
  const file = join(files.folder, NAME);
  refuseLink(file);
  const entries = added.map(({ name, value }) => {
    const salt = randomBytes(16).toString('hex');
    return { name, salt, hash: hashOf(value, salt) };
  });
  await writeFileDurably(file, `${JSON.stringify([...before, ...entries])}\n`);
}

/**
 * Notes, when an attempt has ended, which of these values its rows hold. A client may see rows that hold none, also
 * after the value has changed.
 * @throws QuickscrapeError `not_allowed` for a link; system errors
 */
export async function noteVariablesInRows(
  files: Pick<RunFiles, 'folder' | 'items' | 'broken'>,
  values: Environment,
): Promise<void> {
  const record = readRecord(files.folder);
  if (record === undefined || record === UNREADABLE) return;
  const own = record.filter((known) => isValue(known, values[known.name]));
  // Rows that were dropped are only among the broken ones.
  const held = new Set<string>();
  for (const file of [files.items, files.broken])
    for (const name of await findInRows(file, own, values)) held.add(name);
  const file = join(files.folder, NAME);
  refuseLink(file);
  const noted = record.map((known) =>
    own.includes(known) ? { ...known, in_rows: held.has(known.name) } : known,
  );
  await writeFileDurably(file, `${JSON.stringify(noted)}\n`);
}

async function findInRows(
  file: string,
  variables: readonly RunVariable[],
  values: Environment,
): Promise<Set<string>> {
  const held = new Set<string>();
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return held;
  const left = new Map(
    variables.flatMap(({ name }) => {
      const conceal = createConcealer({ [name]: values[name] ?? '' });
      return conceal === undefined ? [] : [[name, conceal] as const];
    }),
  );
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    for (const [name, conceal] of left) {
      if (conceal([line])[0] === line) continue;
      held.add(name);
      left.delete(name);
    }
    if (left.size === 0) break;
  }
  lines.close();
  return held;
}

/**
 * Returns the variables that a run filled in, those among them that now have another value or none (`changed`), and of
 * these the ones whose old value its rows may hold (`lost`).
 * @returns `undefined` if the run recorded none
 */
export function checkRunVariables(
  { folder }: Pick<RunFiles, 'folder'>,
  env: Environment,
): { names: string[]; changed: string[]; lost: string[] } | undefined {
  const record = readRecord(folder);
  if (record === undefined) return undefined;
  const changed = record.filter((known) => !isValue(known, env[known.name]));
  const names = (variables: readonly RunVariable[]) => [...new Set(variables.map(({ name }) => name))];
  const lost = changed.filter(({ in_rows }) => in_rows !== false);
  return { names: names(record), changed: names(changed), lost: names(lost) };
}

/** The folder of the run that a page was saved for: the page lies in `RUN/pages`, or in `good/RUN` of the job. */
export function folderOfPage({ file }: { file: string }): string {
  const folder = dirname(file);
  return basename(folder) === 'pages' ? dirname(folder) : join(dirname(dirname(folder)), basename(folder));
}

/** Of a record that cannot be read, no value is known. */
const UNREADABLE: RunVariable[] = [{ name: 'unknown', salt: '', hash: '' }];

function readRecord(folder: string): RunVariable[] | undefined {
  const file = join(folder, NAME);
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return recordSchema().parse(JSON.parse(readRegularFile(file, MAX_BYTES).toString('utf8')));
  } catch {
    return UNREADABLE;
  }
}

function isValue({ salt, hash }: RunVariable, value: string | undefined): boolean {
  return value !== undefined && hashOf(value, salt) === hash;
}

function hashOf(value: string, salt: string): string {
  return createHmac('sha256', salt).update(value).digest('hex');
}
