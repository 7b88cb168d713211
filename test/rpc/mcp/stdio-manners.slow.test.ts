import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished } from 'vitest';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { it } from '../../extend.ts';
import { PROGRAM } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';
import { clientOf } from '../json-rpc/rpc-client.ts';
import { type Expected, oddMessages } from './odd-messages.ts';
import { ERAS, openRaw, RawClient } from './raw-client.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

describe.each(ERAS)('quickscrape mcp, with a %s client,', (era) => {
  it('answers invalid messages, and goes on', async () => {
    const client = await openRaw(era, { home: tempFolder() });
    const messages = oddMessages((id, method, params) => client.request(id, method, params));
    const { wire } = client;
    const before = wire.messages().length;
    const wanted: [string, Expected][] = [];
    for (const [what, message, expected] of messages) {
      wire.send(message);
      if (expected === 'nothing') continue;
      wanted.push([what, expected]);
      await waitFor(`an answer to ${what}`, () => wire.messages().length >= before + wanted.length);
    }
    expect(await wire.end()).toMatchObject({ code: 0 });
    const came = wire.messages().flat().slice(before);
    expect(
      came.map(({ id, error }, n) => [
        wanted[n]?.[0],
        { id, is: error === undefined ? 'result' : error.code },
      ]),
    ).toEqual(wanted);
    for (const { error } of came) if (error !== undefined) expect(error.message).toMatch(/\w/);
  });

  it('quotes only a few hundred bytes of a refused message', async () => {
    const client = await openRaw(era, { home: tempFolder() });
    const long = 'x'.repeat(100_000);
    const call = (name: string, params: object) => client.params({ name, arguments: params });
    const refused = [
      client.wire.ask('tools/call', call(long, {})),
      client.wire.ask('prompts/get', client.params({ name: long })),
      client.wire.ask('resources/read', client.params({ uri: `quickscrape://jobs/${long.repeat(5)}` })),
      client.wire.ask('resources/read', client.params({ uri: long })),
      client.wire.ask(long, client.params()),
      client.wire.ask('tools/call', call('list_jobs', { cursor: long })),
      client.wire.ask('tools/call', call('get_job', { job_id: long })),
      client.wire.ask('tools/call', call('get_job', { [long]: 1 })),
      client.wire.ask('tools/call', call('list_jobs', { status: long })),
    ];
    for (const answer of await Promise.all(refused)) {
      const { error, result } = answer as { error?: object; result?: { isError?: boolean } };
      expect(error ?? result).toMatchObject(
        error === undefined ? { isError: true } : { message: expect.any(String) },
      );
      expect(JSON.stringify(answer).length).toBeLessThan(4_000);
    }
    await client.wire.end();
  });

  it('keeps everything but the protocol out of stdout', async () => {
    const stray = pathToFileURL(fileURLToPath(new URL('../../fixtures/preload/stray.js', import.meta.url)));
    const client = await openRaw(era, {
      home: tempFolder(),
      env: { NODE_OPTIONS: `--import=${stray.href}` },
    });
    for (let n = 0; n < 20; n += 1) await client.call('list_jobs');
    await client.wire.end();
    expect(client.wire.messages()).toHaveLength(21);
    for (const way of ['console.log', 'console.dir', 'stdout.write', 'later'])
      expect(client.wire.stderr()).toContain(way);
  });

  it('serves one home beside another server and a scheduler', async ({ site, homeWithJob }) => {
    site.hold();
    const home = await homeWithJob({ schedule: DAILY });
    await home.startScheduler();
    const folder = home.workspace.paths.home;
    const [one, other] = await Promise.all([openRaw(era, { home: folder }), openRaw(era, { home: folder })]);
    const made = { config_name: 'source', schedule: DAILY };
    await Promise.all([
      one.call('create_job', { ...made, job_id: 'of-one' }),
      other.call('create_job', { ...made, job_id: 'of-other' }),
    ]);
    for (const client of [one, other])
      expect(await client.call('list_jobs')).toMatchObject({ structuredContent: { total: 3 } });
    const asked = await Promise.all(
      [one, other].map((client) => client.call('run_job', { job_id: 'of-one' })),
    );
    expect(asked.map(({ isError = false }) => isError).toSorted()).toEqual([false, true]);
    await waitFor('the run to be under way', () => site.hits() === 1);
    site.open();
    await waitFor('its end, which both see', async () => {
      const seen = await Promise.all(
        [one, other].map((client) => client.call('list_runs', { job_id: 'of-one' })),
      );
      return seen.every((answer) => JSON.stringify(answer).includes('"succeeded"'));
    });
    await one.call('delete_job', { job_id: 'of-other' });
    expect(await other.call('get_job', { job_id: 'of-other' })).toMatchObject({ isError: true });
    expect(site.hits()).toBe(1);
    for (const { wire } of [one, other]) expect(await wire.end()).toMatchObject({ code: 0 });
  });
});

it('reports changes to a modern client as soon as it has announced them', async ({ home, workspace }) => {
  const made = { config_name: 'source', schedule: DAILY };
  await workspace.jobs.create({ id: 'mine', fields: made }, 'library');
  const client = await openRaw('modern', { home });
  const { wire } = client;
  const uri = 'quickscrape://jobs/mine';
  wire.send(client.request('l', 'subscriptions/listen', { notifications: { resourceSubscriptions: [uri] } }));
  await wire.notified('its word', ({ method }) => method === 'notifications/subscriptions/acknowledged');
  const file = join(workspace.paths.jobs, 'mine.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"description": null', '"description": "by hand"'));
  await wire.notified('the change', ({ params }) => params?.['uri'] === uri);
  expect(await wire.end()).toMatchObject({ code: 0 });
});

it('limits subscriptions to resources and the length of their URIs', async () => {
  const { wire } = await openRaw('legacy', { home: tempFolder() });
  const subscribe = (uri: string) => wire.ask('resources/subscribe', { uri });
  const answers = await Promise.all(
    Array.from({ length: 1_001 }, (_, index) => subscribe(`quickscrape://jobs/job-${index}`)),
  );
  expect(answers.filter(({ error }) => error !== undefined)).toMatchObject([
    { error: { code: -32602, message: expect.stringContaining('subscription limit reached') } },
  ]);
  for (const uri of [`quickscrape://jobs/${'a'.repeat(1_000)}`, 'file:///etc/passwd', 'quickscrape://job/a'])
    expect(await subscribe(uri)).toMatchObject({ error: { code: -32602 } });
  await wire.end();
});

// A network of its own, in which not even loopback is up.
const ALONE = ['-rn', 'setsid'];
const possible = spawnSync('unshare', [...ALONE, 'true']).status === 0;

it.skipIf(!possible)(
  'serves without a terminal and without a network, in the home of its user',
  async ({ folder: user }) => {
    const { QUICKSCRAPE_HOME: _, ...env } = process.env;
    openWorkspace({ home: join(user, '.quickscrape'), actor: 'library' }).close();
    const child = spawn('unshare', [...ALONE, process.execPath, PROGRAM, 'mcp'], {
      env: { ...env, HOME: user },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const client = await new RawClient('legacy', clientOf(child), {}).open();
    expect(await client.call('list_jobs')).toMatchObject({
      structuredContent: {
        summary: '0 jobs. There are no jobs yet: create_job makes one.',
        jobs: [],
        total: 0,
      },
    });
    expect(await client.wire.end()).toMatchObject({ code: 0 });
  },
);
