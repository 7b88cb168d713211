import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lacks } from '../platform.ts';
import { tempFolder } from '../temp-folder.ts';
import { PseudoTerminal } from '../tui/pseudo-terminal.ts';
import { environmentOf, nodes, runToEnd, tarball } from './installed.ts';
import { localRegistry } from './local-registry.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TOOLS = join(ROOT, 'build/tools/node_modules/.bin');

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Installs the package in an empty folder. @returns the folder, and what npm printed */
async function install(): Promise<{ folder: string; printed: string }> {
  const folder = tempFolder();
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const env = environmentOf(process.execPath, await localRegistry());
  return { folder, printed: await runToEnd('npm', ['install', tarball()], { cwd: folder, env }) };
}

describe.skipIf(lacks('shell'))('the package for npm', () => {
  it('is small, and holds no pictures, no sources and no script that runs on installation', () => {
    expect(statSync(tarball()).size).toBeLessThanOrEqual(3.5 * 1024 * 1024);
    const folder = tempFolder();
    execFileSync('tar', ['xzf', tarball(), '-C', folder]);
    const files = filesIn(folder).map((file) => file.slice(`${folder}/package/`.length));
    expect(files.filter((file) => /\.(png|tsx|map)$|(?<!\.d)\.ts$|node_modules/.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        'README.md',
        'LICENSE',
        'CHANGELOG.md',
        'dist/THIRD-PARTY-NOTICES.md',
        'dist/index.d.ts',
        'dist/editors/quickscrape.vsix',
        'docs/how-to/troubleshooting.md',
        'man/quickscrape.1',
      ]),
    );
    const manifest = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'));
    expect(manifest.scripts).toBeUndefined();
    expect(manifest.dependencies).toEqual({ libsql: expect.any(String) });
  });

  it('passes publint and the check of its types', () => {
    const publint = spawnSync(join(TOOLS, 'publint'), [tarball(), '--strict'], { encoding: 'utf8' });
    expect(publint.stdout + publint.stderr).toContain('All good!');
    const attw = spawnSync(join(TOOLS, 'attw'), [tarball(), '--profile', 'esm-only', '--format', 'ascii'], {
      encoding: 'utf8',
    });
    expect(attw.stdout).toContain('node16 (from ESM): 🟢');
    expect({ status: attw.status, stderr: attw.stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('installs few packages of few megabytes, without a question or a warning', async () => {
    const { folder, printed } = await install();
    expect(printed).toMatch(/^\s*added \d+ packages in \S+\s*$/);
    expect(Number(/added (\d+)/.exec(printed)?.[1])).toBeLessThanOrEqual(20);
    const bytes = filesIn(join(folder, 'node_modules')).reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes).toBeLessThanOrEqual(45_000_000);
  });

  it('is a library whose types need no other package, under node16 and under bundler', async () => {
    const { folder } = await install();
    writeFileSync(
      join(folder, 'use.ts'),
      `import { type Job, type JobDefinition, JobManager, JobSchedule, QuickscrapeError, Scheduler } from 'quickscrape-jobs';
       const manager: JobManager = new JobManager({ home: 'home' });
       const job: Job = await manager.createJob({ configName: 'books', schedule: JobSchedule.daily('09:00', { timezone: 'UTC' }) });
       const overlap: JobDefinition['overlap'] = job.overlap;
       console.log(job.id, overlap, new QuickscrapeError('conflict', 'x').code, typeof Scheduler);
       await manager.close();
       // @ts-expect-error the library has no such kind of schedule
       JobSchedule.yearly();`,
    );
    for (const [module, resolution] of [
      ['node16', 'node16'],
      ['esnext', 'bundler'],
    ] as const) {
      const options = ['--module', module, '--moduleResolution', resolution];
      const strict = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom', '--types', ''];
      const tsc = spawnSync(
        process.execPath,
        [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options, ...strict, 'use.ts'],
        { cwd: folder, encoding: 'utf8' },
      );
      expect(tsc.stdout).toBe('');
    }
    writeFileSync(
      join(folder, 'use.js'),
      readFileSync(join(folder, 'use.ts'), 'utf8')
        .replace(/type \w+, /g, '')
        .replace(/const (\w+): [^=]+=/g, 'const $1 =')
        .replace(/\n.*@ts-expect-error[\s\S]*/, ''),
    );
    expect(execFileSync(process.execPath, ['use.js'], { cwd: folder, encoding: 'utf8' })).toMatch(
      /^books\S* skip conflict function\n$/,
    );
  });

  describe.each(nodes())('with Node %s', (_version, node) => {
    it('shows its demo by npx, from an empty folder', async () => {
      const folder = join(tempFolder(), 'empty');
      mkdirSync(folder);
      const env = environmentOf(node, await localRegistry(tarball()));
      const terminal = new PseudoTerminal('npx', ['--yes', 'quickscrape-jobs', 'demo'], { cwd: folder, env });
      try {
        await terminal.waitFor('price');
        terminal.send('q');
        expect((await terminal.exited).exitCode).toBe(0);
      } finally {
        await terminal.close();
      }
      expect(readdirSync(folder)).toEqual([]);
    });

    it('is a command when it is installed for all folders', async () => {
      const prefix = tempFolder();
      const env = { ...environmentOf(node, await localRegistry()), npm_config_prefix: prefix };
      await runToEnd('npm', ['install', '--global', tarball()], { cwd: tempFolder(), env });
      const run = (...args: string[]) =>
        execFileSync(join(prefix, 'bin/quickscrape'), args, {
          env: { ...env, QUICKSCRAPE_HOME: join(prefix, 'home') },
          encoding: 'utf8',
        });
      expect(JSON.parse(run('--version', '--json'))).toMatchObject({ version: expect.any(String) });
      expect(run('init')).toContain('example');
      expect(run('validate', 'example')).toContain('example');
      expect(readFileSync(join(prefix, 'share/man/man1/quickscrape.1'), 'utf8')).toContain('.TH');
    });
  });
});
