import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { openWorkspace } from '../../src/core/workspace.ts';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { quickscrape } from '../program.ts';
import { canMount } from '../small-disk.ts';

describe.skipIf(!canMount)('a home on a read-only file system (needs root to mount one)', () => {
  it('can be read, and reports that it cannot be written', async ({ folder, site }) => {
    const home = join(folder, 'home');
    expect((await quickscrape(['init'], { home })).code).toBe(0);
    writeFileSync(join(home, 'configs', 'source.yaml'), gatedConfig(site.url));
    const create = [
      'job',
      'create',
      '--config',
      'source',
      '--schedule',
      'daily',
      '--at',
      '09:00',
      '--id',
      'kept',
    ];
    expect((await quickscrape(create, { home })).code).toBe(0);
    expect((await quickscrape(['job', 'run', 'kept'], { home })).code).toBe(0);

    // Its process died, and nobody has looked since.
    const workspace = openWorkspace({ home, actor: 'library' });
    workspace.db.run(
      `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, attempt, max_attempts,
         queued_at, not_before, started_at, start_token, pid, pid_start, boot_id)
       VALUES ('died', 'removed', 'source', 'manual', 'cli', 'UTC', 'running', 1, 1, 1, 1, 1, 't', 1, 'x', 'another boot')`,
    );
    workspace.close();
    // As in a home that an earlier version made.
    rmSync(join(home, 'trash'), { recursive: true });
    const mounted = join(folder, 'mounted');
    mkdirSync(mounted);
    execFileSync('mount', ['--bind', home, mounted]);
    onTestFinished(() => {
      execFileSync('umount', ['-l', mounted]);
    });
    execFileSync('mount', ['-o', 'remount,ro,bind', mounted]);

    const list = await quickscrape(['job', 'list', '--json'], { home: mounted });
    expect(list.stderr).toBe('');
    expect(JSON.parse(list.stdout).jobs).toMatchObject([{ job_id: 'kept', status: 'completed' }]);
    const history = await quickscrape(['job', 'history', 'kept', '--json'], { home: mounted });
    expect(JSON.parse(history.stdout).runs).toMatchObject([{ status: 'succeeded', items: 1 }]);
    expect((await quickscrape(['scheduler', 'status'], { home: mounted })).stdout).toMatch(/^not running/);

    for (const args of [
      ['job', 'update', 'kept', '--description', 'x'],
      ['job', 'run', 'kept'],
      ['scheduler', 'run'],
    ]) {
      const said = await quickscrape(args, { home: mounted });
      expect({ args, ...said }).toMatchObject({ args, code: 1 });
      expect(said.stderr).toMatch(/read-?only/i);
      expect(said.stderr).not.toMatch(/\bat .*:\d+/);
    }
  });
});
