import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { Settings } from '../../../src/core/settings/settings.ts';
import { checkConfig } from '../../../src/scrape/config/parse-config.ts';
import { lacks } from '../../platform.ts';
import { DAILY, TempStore } from '../fs/temp-store.ts';

/** A million for a release. */
const RUNS = Number(process.env['QS_FUZZ'] ?? 250);

let temp: TempStore;
beforeEach(() => {
  temp = new TempStore();
});
afterEach(() => temp[Symbol.dispose]());

describe.skipIf(lacks('shell'))('a settings file that is no file', () => {
  it.each<[string, (file: string) => void]>([
    ['a pipe', (file) => execFileSync('mkfifo', [file])],
    ['a folder', (file) => mkdirSync(file)],
    ['a device', (file) => symlinkSync('/dev/zero', file)],
    ['larger than 64 KB', (file) => writeFileSync(file, '# '.repeat(40_000))],
  ])('is refused at once: %s', (_, make) => {
    make(temp.paths.settings);
    expect(() => new Settings(temp.paths).get('keep_runs')).toThrow(
      expect.objectContaining({ code: 'invalid_config', message: expect.stringContaining('settings.yaml') }),
    );
  });
});

/** A valid text with some of its characters replaced, doubled or taken out, and oddities put in. */
function mangled(text: string): fc.Arbitrary<string> {
  const odd = fc.constantFrom(
    ...[
      '\uFEFF',
      '\uD800',
      '\0',
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\u0000',
      '1e999',
      '-0',
      '"__proto__":',
      '&a ',
      '*a ',
    ],
    ...[
      'null',
      'x'.repeat(1_000),
      '['.repeat(5_000),
      '{"a":'.repeat(2_000),
      '\n',
      '  - ',
      '!!js/function ',
      '<<: ',
    ],
  );
  const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(20), put: odd });
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
    edits.reduce((now, { at, cut, put }) => {
      const place = Math.floor(at * now.length);
      return now.slice(0, place) + put + now.slice(place + cut);
    }, text),
  );
}

describe('whatever stands in a file', () => {
  it('a job file never breaks the list, and is left as it is', () => {
    const job = JSON.stringify(
      { config_name: 'books', schedule: DAILY, max_retries: 3, tags: ['a'] },
      null,
      2,
    );
    fc.assert(
      fc.property(mangled(job), (text) => {
        temp.put('odd', text);
        const before = readFileSync(temp.file('odd'));
        const [entry] = temp.store.list();
        expect(entry?.id).toBe('odd');
        expect(readFileSync(temp.file('odd')).equals(before)).toBe(true);
      }),
      { numRuns: RUNS },
    );
    rmSync(temp.file('odd'));
    expect(Object.hasOwn(Object.prototype, 'config_name')).toBe(false);
  });

  it('settings are read or refused with a reason', () => {
    fc.assert(
      fc.property(mangled('# mine\nkeep_runs: 20\ntimezone: Europe/Berlin\nlist: [&a 1, *a]\n'), (text) => {
        writeFileSync(temp.paths.settings, text);
        try {
          new Settings(temp.paths).all();
        } catch (error) {
          expect(error).toBeInstanceOf(QuickscrapeError);
        }
        expect(readFileSync(temp.paths.settings, 'utf8')).toBe(Buffer.from(text).toString());
      }),
      { numRuns: RUNS / 2 },
    );
    expect(existsSync(temp.paths.settings)).toBe(true);
  });

  it('a configuration is checked, never thrown over', () => {
    const yaml =
      'url: "https://example.com/${A}"\nitem: li\nselectors:\n  name: b\n  price: {selector: i, type: number}\n';
    fc.assert(
      fc.property(mangled(yaml), (text) => {
        expect(Array.isArray(checkConfig(text, 'odd.yaml', {}))).toBe(true);
      }),
      { numRuns: RUNS / 2 },
    );
  });
});
