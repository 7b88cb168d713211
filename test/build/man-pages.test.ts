import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { allCommands } from '../../build/command-tree.ts';
import { type ManPage, manPages } from '../../build/man-pages.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { pageText } from '../docs-pages.ts';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';

const SOURCES = {
  version: '1.2.3',
  date: '2026-12-01',
  exitCodes: pageText('docs/reference/exit-codes.md'),
  settings: pageText('docs/reference/settings.md'),
};
const PAGES = manPages(SOURCES);

function page(file: string): ManPage {
  return PAGES.find((one) => one.file === file) as ManPage;
}

/** The pages in a folder, as `man` finds them below a MANPATH. */
function writePages(folder: string): string {
  mkdirSync(join(folder, 'man1'));
  for (const { file, text } of PAGES) writeFileSync(join(folder, 'man1', file), text);
  return join(folder, 'man1');
}

it('has a page for the program and one for each command', () => {
  const commands = allCommands(buildProgram()).map(
    ({ path }) => `quickscrape-${path.replaceAll(' ', '-')}.1`,
  );
  expect(PAGES.map(({ file }) => file)).toEqual(['quickscrape.1', ...commands]);
});

it.skipIf(lacks('linux'))('writes pages of which mandoc has nothing to say', ({ folder }) => {
  const files = PAGES.map(({ file }) => file);
  const said = spawnSync('mandoc', ['-T', 'lint', ...files], { cwd: writePages(folder), encoding: 'utf8' });
  expect({ ...said, output: undefined, pid: 0 }).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

it('names its version and its day, and is the same each time', () => {
  expect(page('quickscrape.1').text).toMatch(
    /^\.TH QUICKSCRAPE 1 2026-12-01 "quickscrape\\-jobs 1\.2\.3" "QuickScrape Jobs"\n/,
  );
  expect(manPages(SOURCES)).toEqual(PAGES);
});

it.skipIf(lacks('linux'))('shows flags, values and examples as one types them', ({ folder }) => {
  writePages(folder);
  const shown = spawnSync('man', ['-M', folder, 'quickscrape-job-create'], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '200' },
  });
  expect(shown.stdout).toContain('quickscrape-job-create - create a scheduled job for a configuration');
  expect(shown.stdout).toContain('--output-format <format>');
  expect(shown.stdout).toContain('such as "0 9 * * 1-5" (Sunday = 0), or @daily');
  expect(shown.stdout).toContain('$ quickscrape job create --config books --schedule daily --at 09:00');
});

it('has the exit codes and variables of the documentation', () => {
  const { text } = page('quickscrape.1');
  for (const [, code = ''] of SOURCES.exitCodes.matchAll(/^\| (\d+) \|/gm))
    expect(text.split('.SH EXIT STATUS')[1]).toContain(`\\fB${code}\\fR`);
  for (const [, name = ''] of SOURCES.settings.matchAll(/^\| `([A-Z_]+)`/gm))
    expect(text.split('.SH ENVIRONMENT')[1]).toContain(name);
});

it('refuses documentation that has lost a table', () => {
  expect(() => manPages({ ...SOURCES, settings: '# Settings\n' })).toThrow(
    'no table stands below "## Environment variables"',
  );
});
