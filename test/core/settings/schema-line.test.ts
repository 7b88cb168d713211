import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { Settings } from '../../../src/core/settings/settings.ts';
import { it } from '../../extend.ts';

const LINE = '# yaml-language-server: $schema=./.schemas/settings.json';

function settingsOf(home: string) {
  const paths = resolveHome({ home });
  return {
    settings: new Settings(paths),
    text: () => readFileSync(paths.settings, 'utf8'),
    file: paths.settings,
  };
}

describe('a new settings.yaml', () => {
  it('begins with the line that leads editors to its schema, which is in the home', async ({ home }) => {
    const { settings, text } = settingsOf(home);
    await settings.set('keep_runs', 10);
    expect(text()).toBe(`${LINE}\n\nkeep_runs: 10\n`);
    expect(readFileSync(join(home, '.schemas', 'settings.json'), 'utf8')).toContain('QuickScrape settings');
  });

  it('has this line once, whatever is set, reset and commented afterwards', async ({ home }) => {
    const { settings, text, file } = settingsOf(home);
    await settings.set('keep_runs', 10);
    writeFileSync(file, `${text()}# Slow machine\nrun_grace: 60\n`);
    await settings.set('max_concurrent_runs', 1);
    await settings.reset('keep_runs');
    expect(text()).toBe(`${LINE}\n\n# Slow machine\nrun_grace: 60\nmax_concurrent_runs: 1\n`);
    await settings.reset();
    await settings.set('keep_runs', 10);
    expect(text()).toBe(`${LINE}\n\nkeep_runs: 10\n`);
  });
});

describe('a settings.yaml of the user', () => {
  it.each([
    ['without a line', 'run_grace: 60 # slow\n'],
    ['with comments only', '# Nothing yet.\n'],
    [
      'with the line of another schema',
      '# yaml-language-server: $schema=https://schemas.example/s.json\nrun_grace: 60\n',
    ],
    ['with our line somewhere else', `# Mine.\n${LINE}\nrun_grace: 60\n`],
  ])('%s is left so', async (_what, before) => {
    const { tempFolder } = await import('../../temp-folder.ts');
    const { settings, text, file } = settingsOf(tempFolder());
    writeFileSync(file, before);
    await settings.set('keep_runs', 10);
    expect(text().match(/\$schema=/g) ?? []).toHaveLength(before.match(/\$schema=/g)?.length ?? 0);
    for (const line of before.trim().split('\n')) expect(text()).toContain(line);
    expect(settings.get('keep_runs')).toBe(10);
  });
});

it('resetting the first setting keeps the comment at the top of the file', async ({ home }) => {
  const { settings, text, file } = settingsOf(home);
  const after = async (before: string) => {
    writeFileSync(file, before);
    await settings.reset('keep_runs');
    return text();
  };
  const rest = 'run_grace: 60\n';
  expect(await after(`# Mine.\n\n# Few.\nkeep_runs: 10\n${rest}`)).toBe(`# Mine.\n\n${rest}`);
  expect(await after(`${LINE}\n# Few.\nkeep_runs: 10\n${rest}`)).toBe(`${LINE}\n\n${rest}`);
  expect(await after(`${LINE}\nkeep_runs: 10\n${rest}`)).toBe(`${LINE}\n\n${rest}`);
  expect(await after(`# Few.\nkeep_runs: 10\n${rest}`)).toBe(rest);
  expect(await after(`${LINE}\n\nrun_grace: 60\nkeep_runs: 10\n`)).toBe(`${LINE}\n\n${rest}`);
});

it('reading settings writes nothing', ({ home }) => {
  const { settings, file } = settingsOf(home);
  settings.all();
  expect([existsSync(file), existsSync(join(home, '.schemas'))]).toEqual([false, false]);
});
