import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import type { AttemptResult } from '../../../src/core/model/run-record.ts';
import { getPersistentFiles } from '../../../src/core/runs/run-files.ts';
import { openSessionState } from '../../../src/scrape/attempt/session-state.ts';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { DAILY, it } from '../../core/operations/open-home.ts';
import { lacks } from '../../platform.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';
import { Site } from '../site.ts';

const SESSION = 'session-8c1f';
const FORM =
  '<form action="/enter" method="post"><input name="user"><input type="password" name="pw"></form>';

let site: Site;
beforeEach(async () => {
  site = await Site.start();
});
afterEach(() => site.stop());

/** A site whose list only members see; it tells who has it still. */
function members(): string {
  const isIn = (cookie = '') => cookie.includes(SESSION);
  site.on('/login', (request, response) => {
    if (isIn(request.headers.cookie)) response.writeHead(302, { location: '/list' }).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end(FORM);
  });
  site.on('/enter', (_, response) =>
    response.writeHead(302, { 'set-cookie': `sid=${SESSION}; Path=/; HttpOnly`, location: '/list' }).end(),
  );
  site.on('/list', (request, response) => {
    if (!isIn(request.headers.cookie)) return void response.writeHead(302, { location: '/login' }).end();
    const isSame = request.headers['if-none-match'] === '"1"';
    response.writeHead(isSame ? 304 : 200, { etag: '"1"', 'content-type': 'text/html' });
    response.end(isSame ? undefined : '<li><b>one</b></li><li><b>two</b></li>');
  });
  const signIn = `{type: form, login_url: "${site.url('/login')}", username: ann, password: x}`;
  return `url: "${site.url('/list')}"\nitem: li\nselectors: {name: b}\nauthentication: ${signIn}\n`;
}

/** The files of a folder in which a text stands. */
const holding = (folder: string, text: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    return entry.isFile() && readFileSync(file).includes(text) ? [relative(folder, file)] : [];
  });

it('a job’s second run is signed in from the first one, and its page is the kept one; a trial has neither', async ({
  workspace,
  call,
}) => {
  const yaml = members();
  await workspace.configs.write('list', yaml);
  await call('create_job', { job_id: 'members', config_name: 'list', schedule: DAILY });
  const run = async () => {
    const { run_id } = (await call('run_job', { job_id: 'members', wait_seconds: 30 })).run;
    const answer = await call('get_run', { run_id, log_lines: 100 });
    return { ...answer.run, answer: JSON.stringify(answer), log: answer.log_tail.join('\n') };
  };
  const first = await run();
  expect(first).toMatchObject({ status: 'succeeded', items: 2, pages: 1 });
  expect(first.log).toContain('INFO  signed in at');
  const second = await run();
  expect(second).toMatchObject({ status: 'succeeded', items: 2, pages: 1, bytes: 0 });
  expect(second.log).toMatch(/begins with a cookie from earlier runs\n.*still signed in at/s);
  expect(second.log).toMatch(/HTTP 304 \(unchanged\), 2 items.*\n.*INFO {2}1 page unchanged \(304\)/s);
  expect(site.visitsOf('/enter')).toHaveLength(1);

  const files = getPersistentFiles(workspace.paths, 'members');
  expect(holding(workspace.paths.home, SESSION)).toEqual([relative(workspace.paths.home, files.cookies)]);
  expect(first.answer + second.answer).not.toContain(SESSION);

  const before = readFileSync(files.cookies, 'utf8');
  const trial = await call('test_config', { yaml });
  expect(trial).toMatchObject({ items: 2, error: null });
  expect(site.visitsOf('/enter')).toHaveLength(2);
  expect(readFileSync(files.cookies, 'utf8')).toBe(before);

  await workspace.configs.write('list', `${yaml}keep_cookies: false\ncache: false\n`);
  expect((await run()).log).not.toMatch(/cookie|304/);
  expect(site.visitsOf('/enter')).toHaveLength(3);
  const left = readdirSync(files.folder).filter((name) => name !== basename(files.goodPages));
  expect(left.every((name) => name.length === 10)).toBe(true);
});

it('a session is for the password and the addresses that it was got with: others get none', async ({
  workspace,
  call,
}) => {
  const secrets = (password: string) => writeFileSync(workspace.paths.secrets, `MEMBER_WORD=${password}\n`);
  const yaml = members().replace('password: x', 'password: "${MEMBER_WORD}"');
  const texts = {
    own: yaml,
    wrong: yaml.replace('"${MEMBER_WORD}"', 'wrong'),
    elsewhere: yaml.replace(`"${site.url('/list')}"`, `"${site.url('/list?of=account')}"`),
  };
  await workspace.configs.write('list', yaml);
  await call('create_job', { job_id: 'members', config_name: 'list', schedule: DAILY });
  const signIns = async (text: keyof typeof texts) => {
    const before = site.visitsOf('/enter').length;
    await workspace.configs.write('list', texts[text]);
    const { run } = await call('run_job', { job_id: 'members', wait_seconds: 30 });
    expect(run.status).toBe('succeeded');
    return site.visitsOf('/enter').length - before;
  };
  secrets('old-word-of-ann');
  expect(await signIns('own')).toBe(1);
  expect(await signIns('own')).toBe(0);
  expect(await signIns('wrong')).toBe(1);
  expect(await signIns('own')).toBe(1);
  expect(await signIns('elsewhere')).toBe(1);
  expect(await signIns('own')).toBe(1);
  secrets('new-word-of-ann');
  expect(await signIns('own')).toBe(1);
  expect(await signIns('own')).toBe(0);
  expect(holding(workspace.paths.home, 'word-of-ann')).toEqual(['secrets.env']);
});

describe('what a run leaves to the next one', () => {
  const JOB = 'books';
  const NO_LOG = { line() {} };
  const { config } = parseConfig('url: "http://shop.test/"\nselectors: {name: b}\n', 'test.yaml');
  const ended = (kind?: string): AttemptResult =>
    kind === undefined
      ? { outcome: 'succeeded', error: null }
      : { outcome: 'failed', error: { kind, message: kind } };

  /** A home in which a run has kept a cookie, and the next one with another cookie that ends so. */
  async function home(kind?: string) {
    const paths = resolveHome({ home: tempFolderInMemory() });
    const files = getPersistentFiles(paths, JOB);
    mkdirSync(files.folder, { recursive: true });
    const run = async (line: string, result: AttemptResult) => {
      const { request, end } = await openSessionState(paths, JOB, config, NO_LOG);
      request.cookies?.storeFrom(new URL('http://shop.test/'), { 'set-cookie': [line] });
      await end(result);
    };
    await run('a=1', ended());
    if (kind !== undefined) await run('b=2', ended(kind));
    const kept = async () =>
      (await openSessionState(paths, JOB, config, NO_LOG)).request.cookies?.headerFor(
        new URL('http://shop.test/'),
      );
    return { paths, files, kept };
  }

  it.each([['network'], ['timeout'], ['terminated'], ['output'], ['internal']])(
    'are its cookies also when it ends in %s',
    async (kind) => {
      expect(await (await home(kind)).kept()).toBe('a=1; b=2');
    },
  );

  it.each([['http'], ['sign_in'], ['redirect'], ['no_items'], ['check_failed']])(
    'hands on no cookies when the site did not answer as it should: %s',
    async (kind) => {
      const { files, kept } = await home(kind);
      expect(existsSync(files.cookies)).toBe(false);
      expect(await kept()).toBe('');
    },
  );

  it.each([
    ['no_items', 0],
    ['check_failed', 0],
    ['http', 1],
    [undefined, 1],
  ])('hands on its pages, except when unchanged ones were not good: %s', async (kind, kept) => {
    const { paths, files } = await home();
    const get = async (status: number, result: AttemptResult) => {
      const { request, end } = await openSessionState(paths, JOB, config, NO_LOG);
      const asked = { url: new URL('http://shop.test/'), headers: {}, cookie: '' };
      const answer = { status, headers: { etag: '"a"' }, body: Buffer.from('page'), bytes: 4 };
      await request.cache?.fetch(asked, () => Promise.resolve(answer));
      await end(result);
      return existsSync(files.cache) ? readdirSync(files.cache).length : 0;
    };
    expect(await get(200, ended(kind))).toBe(1);
    expect(await get(304, ended(kind))).toBe(kept);
  });

  it.skipIf(lacks('links'))('is not looked for, nor removed, behind links', async () => {
    const { paths, files } = await home();
    const mine = join(paths.home, 'mine');
    mkdirSync(mine);
    writeFileSync(join(mine, 'cookies.json'), '{}');
    symlinkSync(mine, files.cache);
    symlinkSync(mine, join(dirname(files.folder), 'linked'));
    const off = { ...config, keep_cookies: false, cache: false };
    for (const jobId of [JOB, 'linked'])
      for (const how of [config, off])
        expect((await openSessionState(paths, jobId, how, NO_LOG)).request.cache).toBeUndefined();
    expect(readdirSync(mine)).toEqual(['cookies.json']);
  });
});
