import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROGRAM } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';

/** The program as `npm install --omit=optional` leaves it: libsql is there, its native code is not. */
function withoutNativeCode(): string {
  const folder = tempFolder();
  cpSync(join(PROGRAM, '..'), join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['libsql', 'detect-libc', '@neon-rs'])
    cpSync(join('node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  return folder;
}

it('every command and the library say which package is missing and how to install it, and make no home', () => {
  const folder = withoutNativeCode();
  const home = join(tempFolder(), 'home');
  const commands = [
    ['init'],
    ['job', 'list', '--json'],
    ['scrape', 'books.yaml'],
    ['scheduler', 'run'],
    ['scheduler', 'start', '--daemon'],
    ['demo', '--once'],
    ['mcp'],
    ['rpc'],
    ['backup', 'x.db'],
    ['doctor'],
  ];
  for (const args of commands) {
    const result = spawnSync(process.execPath, [join(folder, 'dist', 'cli.js'), ...args, '--home', home], {
      encoding: 'utf8',
      input: '{"jsonrpc":"2.0","id":1,"method":"list_jobs"}\n',
    });
    const said = result.stdout + result.stderr;
    expect([args, said]).toEqual([
      args,
      expect.stringMatching(/the package @libsql\/\S+ is missing: SQLite for /),
    ]);
    expect(said).toContain('Install it again');
    expect(said).not.toMatch(/Require stack|^\s+at /m);
    expect([args, result.status]).toEqual([args, 1]);
  }
  const library = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', `import ${JSON.stringify(join(folder, 'dist', 'index.js'))}`],
    { encoding: 'utf8' },
  );
  expect(library.stderr).toMatch(/QuickscrapeError: the package @libsql\/\S+ is missing/);
  const version = spawnSync(process.execPath, [join(folder, 'dist', 'cli.js'), '--version', '--json'], {
    encoding: 'utf8',
  });
  expect(JSON.parse(version.stdout)).toMatchObject({
    installed: 'folder',
    folder,
    features: { sqlite: null },
  });
  expect(existsSync(home)).toBe(false);
});
