import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import {
  checkRunVariables,
  noteVariablesInRows,
  recordRunVariables,
} from '../../../src/core/runs/run-variables.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { addRun } from './add-run.ts';
import { it, openHome } from './open-home.ts';

/** Two homes that differ in nothing but these values are answered alike. */
const SECRETS = ['qZjQzJ-ZqjzQ&Z', 'VvYyVYvy/VvYyV+Y'];
const PIN = [84_712_345, 19_283_746];

/** A row as a person's configuration takes it from a site that says the value again, in ways that sites do. */
function rowsOf(secret: string, pin: number, shift: number) {
  const coded = encodeURIComponent(secret);
  const html = secret.replaceAll('&', '&amp;').replaceAll('/', '&#47;');
  return Array.from({ length: 6 }, (_, at) => ({
    title: `Book ${at}`,
    price: `£${at + shift}.50`,
    link: `https://shop.example/${at}?key=${coded}#top`,
    said: at % 2 === 0 ? `You are ${secret}.` : `You are ${secret.toUpperCase()}!`,
    basic: `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`,
    nested: { list: [html, JSON.stringify(secret), Buffer.from(secret).toString('hex')] },
    pin,
    twice: encodeURIComponent(coded),
    spread: [...secret].join('\u200b'),
  }));
}

async function servedHome(which: 0 | 1) {
  const { workspace } = await openHome();
  const [secret = '', pin = 0] = [SECRETS[which], PIN[which]];
  writeFileSync(workspace.paths.secrets, `KEY='${secret}'\nPIN=${pin}\nSHORT=abc\n`, { mode: 0o600 });
  addRun({ workspace }, 'one', { items: rowsOf(secret, pin, 0) });
  addRun({ workspace }, 'two', { items: rowsOf(secret, pin, 1).slice(1) });
  // It filled in what the other home has now, and the configuration does not name it.
  const [rotated = '', former = 0] = [SECRETS[1 - which], PIN[1 - which]];
  addRun({ workspace }, 'past', { items: rowsOf(rotated, former, 2) });
  await recordRunVariables(filesOf(workspace, 'past'), { KEY: rotated });
  return Session.open(workspace, { face: 'mcp', policy: DEFAULT_POLICY, log: () => {} });
}

const filesOf = ({ paths }: Workspace, runId: string) => runFiles(paths, 'mine', runId);

const FIELDS = ['title', 'price', 'link', 'said', 'basic', 'nested', 'pin', 'twice', 'spread'];
const field = fc.constantFrom(...FIELDS);
/** A piece of a value, in one of its forms, or what replaces it. */
const guess = fc
  .tuple(
    fc.constantFrom(...SECRETS, ...PIN.map(String), '${KEY}', 'You are '),
    fc.nat(8),
    fc.integer({ min: 1, max: 20 }),
  )
  .map(([text, from, length]) => text.slice(from, from + length) || text)
  .chain((text) =>
    fc.constantFrom(text, encodeURIComponent(text), text.toUpperCase(), Buffer.from(text).toString('base64')),
  );
const operator = fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge', 'contains', 'empty', 'filled');
const condition = fc.record({ field, op: operator, value: fc.oneof(guess, fc.constantFrom(...PIN)) });
const sort = fc
  .array(fc.tuple(fc.constantFrom('', '-'), field), { maxLength: 2 })
  .map((names) => names.map(([sign, name]) => sign + name).join(','));
const listed = fc.record(
  {
    run_id: fc.constantFrom('one', 'two', 'past'),
    where: fc.array(condition, { maxLength: 2 }),
    sort,
    stats: fc.boolean(),
    limit: fc.nat(4),
    fields: fc.array(field, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['run_id'] },
);
const compared = fc.record(
  {
    run_id: fc.constantFrom('two', 'two', 'past'),
    with_run_id: fc.constantFrom('one', 'one', 'past'),
    key: field,
    whole: fc.constant(true),
    sort: fc.constant('change'),
    fields: fc.array(field, { minLength: 1, maxLength: 3 }),
    limit: fc.nat(4),
  },
  { requiredKeys: ['run_id', 'with_run_id'] },
);
const call = fc.oneof(
  fc.tuple(fc.constant('list_items'), listed),
  fc.tuple(fc.constant('compare_runs'), compared),
  fc.tuple(
    fc.constant('get_run'),
    fc.record({ run_id: fc.constantFrom('one', 'two', 'past'), sample_items: fc.nat(6) }),
  ),
);

/** All pages of an answer, or the error. */
async function answers(session: Session, name: string, params: object): Promise<unknown[]> {
  const pages: unknown[] = [];
  let cursor: unknown;
  do {
    try {
      const answer = await session.call(name, { ...params, ...(cursor !== undefined && { cursor }) });
      // A cursor counts bytes of the file, and a run says when it was queued.
      const { next_cursor, run: _, ...shown } = answer;
      pages.push({ ...shown, hasMore: next_cursor !== undefined });
      cursor = next_cursor;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === undefined || code === 'internal') throw error;
      pages.push([code, message]);
      cursor = undefined;
    }
  } while (cursor !== undefined && pages.length < 4);
  return pages;
}

it('tells a client of rows nothing that depends on a secret, whatever it filters, sorts, counts or compares', async () => {
  const [one, other] = [await servedHome(0), await servedHome(1)];
  let counted = 0;
  await fc.assert(
    fc.asyncProperty(call, async ([name, params]) => {
      const first = JSON.stringify(await answers(one, name, params));
      expect(first).toBe(JSON.stringify(await answers(other, name, params)));
      expect(first).not.toMatch(/zjqz|zqjz/i);
      if (first.includes('${KEY}')) counted += 1;
    }),
    { numRuns: Number(process.env['CONCEAL_RUNS'] ?? 20) },
  );
  expect(counted).toBeGreaterThan(5);
});

it('shows the person the rows as they are', async () => {
  const { workspace, call: ask } = await openHome();
  writeFileSync(workspace.paths.secrets, `KEY='${SECRETS[0]}'\n`, { mode: 0o600 });
  addRun({ workspace }, 'one', { items: rowsOf(SECRETS[0] ?? '', 1, 0) });
  const { items } = await ask('list_items', { run_id: 'one', limit: 1 });
  expect(items[0]).toMatchObject({ said: `You are ${SECRETS[0]}.` });
});

/** A client's session on a home with two runs that filled in a key of the environment of their scheduler. */
async function keyedRuns(secrets: string, recorded: Record<string, string> | null = { GUARDED: KEY }) {
  const { workspace } = await openHome();
  if (secrets !== '') writeFileSync(workspace.paths.secrets, secrets, { mode: 0o600 });
  for (const [at, runId] of ['one', 'two'].entries()) {
    addRun({ workspace }, runId, { items: [{ link: `/${at}?key=${KEY}` }] });
    if (recorded !== null) await recordRunVariables(filesOf(workspace, runId), recorded);
  }
  const session = await Session.open(workspace, { face: 'mcp', policy: DEFAULT_POLICY, log: () => {} });
  return { workspace, session };
}
const KEY = 'qwe-4711-asd';

it.each([
  ['the variable is set for the scheduler only', '', null],
  ['the value was replaced', 'GUARDED=another-value', null],
  [
    'the variable is gone from the text as well',
    '',
    'url: "http://127.0.0.1:9/"\nselectors: { title: h3 }\n',
  ],
])('refuses a client rows with a value that the server does not know: %s', async (_, secrets, text) => {
  const { workspace, session } = await keyedRuns(secrets);
  await workspace.configs.write(
    'books',
    text ?? 'url: "http://127.0.0.1:9/?k=${GUARDED}"\nselectors: { title: h3 }\n',
  );
  const refused = { code: 'not_allowed', message: expect.stringContaining('${GUARDED}') };
  const where = [{ field: 'link', op: 'contains', value: KEY }];
  await expect(session.call('list_items', { run_id: 'one' })).rejects.toMatchObject(refused);
  await expect(session.call('list_items', { run_id: 'one', where })).rejects.toMatchObject(refused);
  const runs = { run_id: 'two', with_run_id: 'one', whole: true };
  await expect(session.call('compare_runs', runs)).rejects.toMatchObject(refused);
  const shown = await session.call('get_run', { run_id: 'one' });
  expect(shown).toMatchObject({ sample: [], warnings: [expect.stringContaining('${GUARDED}')] });
  expect(JSON.stringify(shown)).not.toContain(KEY);
});

it('shows a client rows whose value is known, whatever the text names by then', async () => {
  const { session } = await keyedRuns(`GUARDED=${KEY}`);
  const { items } = await session.call('list_items', { run_id: 'one' });
  expect(items).toEqual([{ link: '/0?key=${GUARDED}' }]);
});

it('counts the variables of the text for a run of an earlier version', async () => {
  const { workspace, session } = await keyedRuns('', null);
  await workspace.configs.write(
    'books',
    'url: "http://127.0.0.1:9/?k=${GUARDED}"\nselectors: { title: h3 }\n',
  );
  await expect(session.call('list_items', { run_id: 'one' })).rejects.toMatchObject({ code: 'not_allowed' });
});

it('counts a damaged record as a value that is not known', async () => {
  const { workspace, session } = await keyedRuns(`GUARDED=${KEY}`);
  writeFileSync(`${filesOf(workspace, 'one').folder}/variables.json`, '[');
  await expect(session.call('list_items', { run_id: 'one' })).rejects.toMatchObject({ code: 'not_allowed' });
});

it('records hashes for each attempt, in a private file, and no value', async () => {
  const { workspace } = await keyedRuns('');
  const files = filesOf(workspace, 'one');
  await recordRunVariables(files, { GUARDED: 'second-value', PAGE: '7', OTHER: KEY });
  await recordRunVariables(files, { GUARDED: KEY });
  const file = `${files.folder}/variables.json`;
  const record = JSON.parse(readFileSync(file, 'utf8')) as { name: string; hash: string }[];
  expect(record.map(({ name }) => name)).toEqual(['GUARDED', 'GUARDED', 'OTHER']);
  expect(new Set(record.map(({ hash }) => hash)).size).toBe(3);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(checkRunVariables(files, { GUARDED: KEY, OTHER: KEY })).toEqual({
    names: ['GUARDED', 'OTHER'],
    changed: ['GUARDED'],
    lost: ['GUARDED'],
  });
});

it('shows a client the rows of a run whose value has changed since, if the run noted that they do not hold it', async () => {
  const { workspace, session } = await keyedRuns('GUARDED=another-value');
  addRun({ workspace }, 'free', { items: [{ link: '/free' }, { link: '/free?key=qwe-4711' }] });
  const files = filesOf(workspace, 'free');
  await recordRunVariables(files, { GUARDED: KEY });
  const shown = () => session.call('list_items', { run_id: 'free' });
  // As long as the run has not said so, nobody knows.
  await expect(shown()).rejects.toMatchObject({ code: 'not_allowed' });
  await noteVariablesInRows(files, { GUARDED: KEY });
  expect((await shown())['items']).toHaveLength(2);
  await noteVariablesInRows(filesOf(workspace, 'one'), { GUARDED: KEY });
  await expect(session.call('list_items', { run_id: 'one' })).rejects.toMatchObject({ code: 'not_allowed' });
  // A new attempt may find other rows.
  await recordRunVariables(files, { GUARDED: KEY });
  await expect(shown()).rejects.toMatchObject({ code: 'not_allowed' });
  // One that fills in another value says nothing about rows with the old one.
  await recordRunVariables(files, { GUARDED: 'third-value' });
  await noteVariablesInRows(files, { GUARDED: 'third-value' });
  await expect(shown()).rejects.toMatchObject({ code: 'not_allowed' });
});

it('notes a value in rows in each form in which it is hidden', async () => {
  const { workspace } = await openHome();
  const cells = rowsOf(SECRETS[0] ?? '', PIN[0] ?? 0, 0).flatMap((row) => Object.entries(row));
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.subarray(cells, { minLength: 1, maxLength: 6 }), async (chosen) => {
      const runId = `r${number++}`;
      addRun({ workspace }, runId, { items: chosen.map(([name, value]) => ({ [name]: value })) });
      const files = filesOf(workspace, runId);
      await recordRunVariables(files, { KEY: SECRETS[0] ?? '' });
      await noteVariablesInRows(files, { KEY: SECRETS[0] ?? '' });
      const isHeld = chosen.some(([name]) => !['title', 'price', 'pin'].includes(name));
      expect(checkRunVariables(files, {})?.lost).toEqual(isHeld ? ['KEY'] : []);
    }),
    { numRuns: 40 },
  );
});

it('trusts the values of today for a run of an earlier version only if secrets.env is as old as the run', async () => {
  const { workspace, session } = await keyedRuns(`GUARDED=${KEY}`, null);
  await workspace.configs.write(
    'books',
    'url: "http://127.0.0.1:9/?k=${GUARDED}"\nselectors: { title: h3 }\n',
  );
  const startedAt = Date.now();
  workspace.db.run('UPDATE runs SET started_at = ?', [startedAt]);
  const shown = () => session.call('list_items', { run_id: 'one' });
  const touch = (ms: number) => utimesSync(workspace.paths.secrets, ms / 1000, ms / 1000);
  touch(startedAt - 60_000);
  expect((await shown())['items']).toEqual([{ link: '/0?key=${GUARDED}' }]);
  touch(startedAt + 60_000);
  await expect(shown()).rejects.toMatchObject({ code: 'not_allowed' });
});
