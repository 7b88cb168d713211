import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type Identity,
  loadCookies as loadCookiesWithLog,
  saveCookies,
} from '../../../src/scrape/attempt/session-state.ts';
import type { FormSignIn } from '../../../src/scrape/config/authentication.ts';
import { RunCookies } from '../../../src/scrape/http/run-cookies.ts';
import { lacks } from '../../platform.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';

const SHOP = new URL('https://shop.example/books/');
const ANN: Identity = {
  urls: [SHOP.href],
  pagination: { type: 'none' },
  headers: { 'Accept-Language': 'en' },
  authentication: {
    type: 'form',
    login_url: 'https://shop.example/login',
    username: 'ann',
    password: 'x',
    fields: {},
  },
};

const loadCookies = (file: string, identity: Identity) => loadCookiesWithLog({ line() {} }, file, identity);

/** The cookies of a run that was sent these. */
function sent(...lines: string[]): RunCookies {
  const cookies = new RunCookies();
  cookies.storeFrom(SHOP, { 'set-cookie': lines });
  return cookies;
}

const fileIn = (folder: string) => join(folder, 'cookies.json');

describe('cookies of a run', () => {
  it.skipIf(lacks('modes'))(
    'go on in the next one, only to where they came from, also those of a session',
    async () => {
      const file = fileIn(tempFolderInMemory());
      const day = 'Max-Age=86400';
      await saveCookies(
        file,
        ANN,
        sent(
          'sid=s1; HttpOnly; Path=/',
          `all=2; Domain=shop.example; Secure; ${day}`,
          `here=3; Path=/books; ${day}`,
        ),
      );
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const next = await loadCookies(file, ANN);
      const to = (url: string) => next.headerFor(new URL(url)).split('; ').sort();
      expect(to('https://shop.example/books/1')).toEqual(['all=2', 'here=3', 'sid=s1']);
      expect(to('http://shop.example/')).toEqual(['sid=s1']);
      expect(to('https://www.shop.example/books/')).toEqual(['all=2']);
      expect(to('https://other.example/books/')).toEqual(['']);
      next.storeFrom(SHOP, { 'set-cookie': ['sid=; Max-Age=0; Path=/', 'here=; Max-Age=0; Path=/books'] });
      await saveCookies(file, ANN, next);
      expect((await loadCookies(file, ANN)).headerFor(SHOP)).toBe('all=2');
    },
  );

  it('that have expired are not sent again', async () => {
    const file = fileIn(tempFolderInMemory());
    await saveCookies(file, ANN, sent('short=1; Max-Age=60; Path=/', 'long=1; Max-Age=600; Path=/'));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 50_000 });
    onTestFinished(() => void vi.useRealTimers());
    const next = await loadCookies(file, ANN);
    // A use does not make it last longer.
    expect(next.headerFor(SHOP)).toBe('short=1; long=1');
    vi.setSystemTime(Date.now() + 11_000);
    expect(next.persistent().map(({ key }) => key)).toEqual(['long']);
    expect((await loadCookies(file, ANN)).headerFor(SHOP)).toBe('long=1');
  });

  it('leave no file when there are none', async () => {
    const file = fileIn(tempFolderInMemory());
    await saveCookies(file, ANN, sent('sid=1'));
    await saveCookies(file, ANN, sent());
    expect(existsSync(file)).toBe(false);
    expect((await loadCookies(file, ANN)).persistent()).toEqual([]);
  });

  it('of a site that gives another one each time do not grow with every run', async () => {
    const file = fileIn(tempFolderInMemory());
    for (const run of [1, 2]) {
      const cookies = await loadCookies(file, ANN);
      const given = Array.from({ length: 40 }, (_, at) => `of-${run}-${at}=1; Path=/`);
      cookies.storeFrom(SHOP, { 'set-cookie': given });
      await saveCookies(file, ANN, cookies);
    }
    const names = (await loadCookies(file, ANN)).persistent().map(({ key }) => key);
    expect(names).toHaveLength(50);
    expect(names.filter((name) => name.startsWith('of-2-'))).toHaveLength(40);
  });

  const form = ANN.authentication as FormSignIn;
  it.each<[string, { [K in keyof Identity]?: Identity[K] | undefined }]>([
    ['another name', { authentication: { ...form, username: 'bob' } }],
    ['nobody’s name', { authentication: undefined }],
    ['another password', { authentication: { ...form, password: 'wrong' } }],
    ['another way to sign in', { authentication: { type: 'http_basic', username: 'ann', password: 'x' } }],
    ['another page to sign in at', { authentication: { ...form, login_url: `${SHOP.href}login` } }],
    ['another input of the form', { authentication: { ...form, fields: { tenant: 'two' } } }],
    ['another token', { headers: { 'X-Token': 'b' } }],
    ['another address', { urls: ['https://shop.example/account'] }],
    ['an address more', { urls: [SHOP.href, 'https://shop.example/account'] }],
    ['a key in the address', { urls: [`${SHOP.href}?key=1`] }],
    [
      'another address by its pages',
      {
        pagination: {
          type: 'page_number',
          url_template: 'https://shop.example/account/{page}',
          start_page: 1,
        },
      },
    ],
    ['a name in the address', { urls: ['https://bob:x@shop.example/books/'] }],
    [
      'a name in the address of a sitemap',
      { urls: [], sitemap: { url: 'https://bob:x@shop.example/s.xml', include: [], exclude: [], hosts: [] } },
    ],
  ])('are not used for %s', async (_, change) => {
    const file = fileIn(tempFolderInMemory());
    await saveCookies(file, ANN, sent('sid=1'));
    const identity = { ...ANN, ...change } as Identity;
    expect((await loadCookies(file, identity)).persistent()).toEqual([]);
    const other = { ...ANN, headers: { 'accept-language': 'de' } };
    expect((await loadCookies(file, other)).persistent()).toHaveLength(1);
  });

  it('are stored without the password, with a different hash of it in each file', async () => {
    const [one, two] = [fileIn(tempFolderInMemory()), fileIn(tempFolderInMemory())];
    const secret = { ...ANN, authentication: { ...form, password: 'hush-hush-1234' } };
    await saveCookies(one, secret, sent('sid=1'));
    await saveCookies(two, secret, sent('sid=1'));
    const [first, second] = [one, two].map((file) => readFileSync(file, 'utf8'));
    expect(first).not.toContain('hush');
    expect(JSON.parse(first ?? '').identity).not.toBe(JSON.parse(second ?? '').identity);
  });

  it('that an older version of the program kept are not used, and nothing is put aside', async () => {
    const folder = tempFolderInMemory();
    const file = fileIn(folder);
    writeFileSync(file, JSON.stringify({ version: 1, identity: 'a'.repeat(64), cookies: [] }));
    expect((await loadCookies(file, ANN)).persistent()).toEqual([]);
    expect(readdirSync(folder)).toEqual(['cookies.json']);
    await saveCookies(file, ANN, sent('sid=2'));
    expect((await loadCookies(file, ANN)).headerFor(SHOP)).toBe('sid=2');
  });
});

describe('a file of cookies that is damaged', () => {
  it.each([
    ['cut', (text: string) => text.slice(0, -20)],
    ['empty', () => ''],
    ['of another version', (text: string) => text.replace('"version": 2', '"version": 3')],
    ['without its salt', (text: string) => text.replace(/"salt": "[^"]*",/, '')],
    ['with a date that is none', (text: string) => text.replace('"key"', '"expires": "soon", "key"')],
    ['with a cookie for no host', (text: string) => text.replace('"shop.example"', '""')],
  ])('(%s) is put aside, and the run begins without', async (_, damage) => {
    const folder = tempFolderInMemory();
    const file = fileIn(folder);
    await saveCookies(file, ANN, sent('sid=1'));
    const damaged = damage(readFileSync(file, 'utf8'));
    writeFileSync(file, damaged);
    const cookies = await loadCookies(file, ANN);
    expect(cookies.persistent()).toEqual([]);
    const [aside = ''] = readdirSync(folder);
    expect(aside).toMatch(/^cookies\.damaged-\d+\.json$/);
    expect(readFileSync(join(folder, aside), 'utf8')).toBe(damaged);
    await saveCookies(file, ANN, sent('sid=2'));
    expect((await loadCookies(file, ANN)).headerFor(SHOP)).toBe('sid=2');
  });

  it.skipIf(lacks('links'))('is not looked for behind a link', async () => {
    const folder = tempFolderInMemory();
    writeFileSync(join(folder, 'mine'), 'mine');
    symlinkSync(join(folder, 'mine'), fileIn(folder));
    await expect(loadCookies(fileIn(folder), ANN)).rejects.toMatchObject({ code: 'not_allowed' });
    await expect(saveCookies(fileIn(folder), ANN, sent('a=1'))).rejects.toMatchObject({
      code: 'not_allowed',
    });
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('mine');
  });
});
