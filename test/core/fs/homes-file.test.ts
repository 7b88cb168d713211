import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { findNamedHome, homesFilePath, readHomesFile } from '../../../src/core/fs/homes-file.ts';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { it } from '../../extend.ts';

/** Writes a file of homes. */
function fileOf(folder: string, text: string): string {
  const file = homesFilePath({ XDG_CONFIG_HOME: folder });
  mkdirSync(join(folder, 'quickscrape'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('the places of homes.yaml', () => {
  it.for<[place: string, home: object]>([
    ['/srv/scrapes', { folder: '/srv/scrapes' }],
    ['~/scrapes/acme', { folder: join(homedir(), 'scrapes', 'acme') }],
    ['"~"', { folder: homedir() }],
    ['ssh://paris', { ssh: { host: 'paris', port: undefined, folder: undefined, program: undefined } }],
    ['ssh://paris/', { ssh: { host: 'paris', folder: undefined } }],
    [
      'ssh://me@paris.example:2222/srv/a%20b',
      { ssh: { host: 'me@paris.example', port: 2222, folder: '/srv/a b' } },
    ],
    ['ssh://paris/~/scrapes', { ssh: { folder: './scrapes' } }],
    ['ssh://paris/~', { ssh: { folder: './' } }],
    ['ssh://[::1]:22/srv', { ssh: { host: '::1', port: 22 } }],
    ['{ at: "ssh://paris/x", program: ~/bin/quickscrape }', { ssh: { program: '~/bin/quickscrape' } }],
    ['{ at: ~/x }', { folder: join(homedir(), 'x') }],
  ])('%s is understood', ([place, home], { folder }) => {
    const { homes, problems } = readHomesFile(fileOf(folder, `acme: ${place}\n`));
    expect(problems).toEqual([]);
    expect(homes).toMatchObject([{ name: 'acme', ...home }]);
  });

  it.for<[entry: string, problem: RegExp]>([
    ['acme: scrapes/acme', /^"scrapes\/acme" must be an absolute folder/],
    ['acme:', /^must be an absolute folder/],
    ['acme: 3', /^must be an absolute folder/],
    ['acme: [a]', /^must be an absolute folder/],
    ['acme: ssh://', /is no address: ssh:\/\/\[USER@\]HOST/],
    // An option of ssh runs a command of its choice here.
    ['acme: ssh://-oProxyCommand=x/y', /is no address/],
    ['acme: ssh://-l@paris/y', /is no address/],
    ['acme: ssh://me:secret@paris/y', /without a password/],
    ['acme: ssh://paris:70000/y', /a port that does not exist/],
    ['acme: ssh://paris/100%', /write %25/],
    ['acme: { at: ~/x, program: quickscrape }', /program is only for ssh/],
    ['acme: { at: ssh://paris/x, program: "q; rm -rf" }', /program: must be the path/],
    ['acme: { at: ssh://paris/x, program: -q }', /program: must be the path/],
    ['acme: { att: ~/x }', /there is no key "att"; Did you mean at\?/],
    ['acme: {}', /at must be there/],
  ])('%s is refused with its line', ([entry, problem], { folder }) => {
    const file = fileOf(folder, `# homes\nother: ~/other\n${entry}\n`);
    const { homes, problems } = readHomesFile(file);
    expect(homes.map(({ name }) => name)).toEqual(['other']);
    expect(problems).toHaveLength(1);
    const [before, after] = problems[0]?.problem.split(`${file}:3: acme: `) ?? [];
    expect([before, after]).toEqual(['', expect.stringMatching(problem)]);
  });

  it('are refused with a bad name', ({ folder }) => {
    const { problems } = readHomesFile(fileOf(folder, 'My home: ~/x\n'));
    expect(problems[0]?.problem).toMatch(/:1: "My home" is no name: use small letters/);
  });
});

describe('a name', () => {
  it('is found, or the error has the known ones', ({ folder }) => {
    const env = { XDG_CONFIG_HOME: folder };
    expect(() => findNamedHome('@acme', env)).toThrow(`there is no home @acme in ${homesFilePath(env)}`);
    fileOf(folder, 'acme: /srv/acme\nwrong: x\n');
    expect(findNamedHome('@acme', env).folder).toBe('/srv/acme');
    const hintOf = (name: `@${string}`) => {
      try {
        return findNamedHome(name, env);
      } catch (error) {
        return (error as { hint?: string }).hint;
      }
    };
    expect(hintOf('@acne')).toBe('Did you mean @acme?');
    expect(hintOf('@somewhere')).toMatch(/^It has @acme\. To name one, add a line to this file: somewhere: /);
    expect(() => findNamedHome('@wrong', env)).toThrow(/homes.yaml:2: wrong: "x" must be/);
    fileOf(folder, '- a\n');
    expect(() => findNamedHome('@acme', env)).toThrow(/it must be a map of names and places/);
    fileOf(folder, 'a: /x\na: /y\n');
    expect(() => findNamedHome('@a', env)).toThrow(/homes.yaml:2:1: /);
  });

  it('is never taken for a folder', () => {
    expect(() => resolveHome({ home: '@acme' })).toThrow(
      'the home must be a folder of this machine here, not @acme',
    );
    expect(resolveHome({ home: './@acme' }).home).toBe(join(process.cwd(), '@acme'));
  });
});
