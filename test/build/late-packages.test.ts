import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as croner from 'croner';
import cronstrue from 'cronstrue';
import * as encodingSniffer from 'encoding-sniffer';
import * as jsoncParser from 'jsonc-parser';
import * as lruCache from 'lru-cache';
import * as toughCookie from 'tough-cookie';
import { expect, it } from 'vitest';
import * as yaml from 'yaml';
import * as zod from 'zod';
import { tempFolder } from '../temp-folder.ts';
import { bundled, writeLatePackages } from './bundled.ts';

const REAL = {
  croner,
  cronstrue: { default: cronstrue },
  'encoding-sniffer': encodingSniffer,
  'jsonc-parser': jsoncParser,
  'lru-cache': lruCache,
  'tough-cookie': toughCookie,
  yaml,
  zod,
};
type Name = keyof typeof REAL;

/** What stands in for a package in dist/, with the package beside it. */
async function standInFor<N extends Name>(name: N): Promise<(typeof REAL)[N]> {
  const folder = tempFolder();
  const file = await bundled(`import * as late from '${name}';\nexport { late };`, folder);
  await writeLatePackages(folder);
  const { late } = (await import(pathToFileURL(file).href)) as { late: (typeof REAL)[N] };
  return late;
}

/** What kind of thing each property is, of those that are not every function's. */
function shapeOf(real: object, of: object = real): Record<string, string> {
  const keys = Object.getOwnPropertyNames(real).filter((key) => !['name', 'length'].includes(key));
  return Object.fromEntries(keys.map((key) => [key, typeof Reflect.get(of, key)]));
}

it.each(Object.keys(REAL) as Name[])('what stands in for %s has the shape of the package', async (name) => {
  const real = new Map(Object.entries(REAL[name]));
  const late = Object.entries(await standInFor(name));
  expect(late.length).toBeGreaterThan(0);
  for (const [exported, standIn] of late) {
    const value: { prototype?: object } = real.get(exported);
    // Nothing else can be stood in for.
    expect(['function', 'object'], `${exported} of ${name}`).toContain(typeof value);
    expect(shapeOf(value, standIn), `${exported} of ${name}`).toEqual(shapeOf(value));
    // Zod's have what they have only once the first object is made.
    if (value.prototype === undefined || name === 'zod') continue;
    const { prototype } = value;
    // By name alone: a getter of a class asks for an object of it.
    const methods = Object.getOwnPropertyNames(prototype).sort();
    expect(Object.getOwnPropertyNames(standIn.prototype).sort(), `${exported} of ${name}`).toEqual(methods);
  }
});

it('every package that is read late is looked at here', async () => {
  const folder = tempFolder();
  await writeLatePackages(folder);
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(REAL)
      .map((name) => `${name}.cjs`)
      .sort(),
  );
});

it('croner behind its stand-in finds the same times, and refuses the same patterns', async () => {
  const use = ({ Cron }: typeof croner) => {
    const options = { utcOffset: 0, paused: true, mode: '6-part' } as const;
    const next = (pattern: string) =>
      new Cron(pattern, options).nextRun(new Date('2026-03-01T00:00:00Z'))?.toISOString();
    let refusal: unknown;
    try {
      new Cron('0 0 25 * * *', options);
    } catch (error) {
      refusal = error;
    }
    return [next('0 30 6 29 2 *'), next('0 0 12 L * *'), next('0 0 9 * * 1#2'), String(refusal)];
  };
  const seen = use(await standInFor('croner'));
  expect(seen).toEqual(use(croner));
  expect(seen.slice(0, 3)).toEqual([
    ...['2028-02-29T06:30:00.000Z', '2026-03-31T12:00:00.000Z', '2026-03-09T09:00:00.000Z'],
  ]);
  expect(seen[3]).toContain('25');
});

it('tough-cookie behind its stand-in takes, refuses, sends, keeps and takes back the same cookies', async () => {
  const use = ({ Cookie, CookieJar }: typeof toughCookie) => {
    const address = 'https://shop.example.co.uk/books/1';
    const jar = new CookieJar(undefined, { looseMode: true });
    for (const line of ['a=1; Path=/books; Secure', 'b=2; Domain=co.uk', 'c=3; Domain=example.co.uk', 'lone'])
      jar.setCookieSync(Cookie.parse(line, { loose: true }) ?? line, address, { ignoreError: true });
    const made = new Cookie({ key: 'd', value: '4', path: '/', expires: new Date('2126-01-01T00:00:00Z') });
    jar.setCookieSync(made, address, { ignoreError: true });
    const kept = (jar.serializeSync()?.cookies ?? []).flatMap((stored) => Cookie.fromJSON(stored) ?? []);
    const next = new CookieJar(undefined, { looseMode: true });
    for (const cookie of kept) next.store.putCookie(cookie, () => undefined);
    return {
      sent: jar.getCookieStringSync(address),
      sentNext: next.getCookieStringSync(address),
      sentUp: next.getCookieStringSync('http://example.co.uk/books/2'),
      lasting: kept.filter((cookie) => cookie.TTL() > 0).map(({ key }) => key),
      ofClass: [made, ...kept].every((cookie) => cookie instanceof Cookie),
    };
  };
  const seen = use(await standInFor('tough-cookie'));
  expect(seen).toEqual(use(toughCookie));
  expect(seen).toEqual({
    sent: 'a=1; c=3; lone; d=4',
    sentNext: 'a=1; c=3; lone; d=4',
    sentUp: 'c=3',
    lasting: ['a', 'c', '', 'd'],
    ofClass: true,
  });
});

it('encoding-sniffer behind its stand-in finds the same character sets', async () => {
  const word = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
  const page = Buffer.concat([Buffer.from('<meta charset="windows-1251"><p>'), word]);
  const use = ({ decodeBuffer, getEncoding }: typeof encodingSniffer) => [
    getEncoding(page, {}),
    decodeBuffer(page, {}),
    decodeBuffer(word, { transportLayerEncodingLabel: 'windows-1251' }),
    getEncoding(Buffer.from([0xff, 0xfe, 0x41, 0x00]), {}),
  ];
  const seen = use(await standInFor('encoding-sniffer'));
  expect(seen).toEqual(use(encodingSniffer));
  expect(seen).toEqual(['windows-1251', '<meta charset="windows-1251"><p>Привет', ...['Привет', 'UTF-16LE']]);
});

it.each([
  ['CommonJS', 'cjs', 'exports.Crontab = class {};'],
  ['ECMAScript', 'mjs', 'export class Crontab {}'],
])(
  'the build ends when a package, here of %s modules, has another name for what is used',
  async (_, suffix, text) => {
    const folder = tempFolder();
    const from = join(folder, `renamed.${suffix}`);
    writeFileSync(from, text);
    const late = { croner: { names: ['Cron'], from } };
    await expect(writeLatePackages(folder, late)).rejects.toThrow(/Cron\b/);
    await writeLatePackages(folder, { croner: { names: ['Crontab'], from } });
  },
);

it('the build ends when the sources use what no stand-in has', async () => {
  await expect(bundled(`export { Cron, CronPattern } from 'croner';`, tempFolder())).rejects.toThrow(
    /"CronPattern" is not exported/,
  );
});
