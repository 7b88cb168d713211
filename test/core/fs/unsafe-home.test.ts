import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { quickscrape } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';

const isRoot = process.geteuid?.() === 0;

function open(home: string, jobsDir?: string): void {
  openWorkspace({ home, ...(jobsDir !== undefined && { jobsDir }), actor: 'library' }).close();
}

function madeHome(): string {
  const home = join(tempFolder(), 'home');
  open(home);
  return home;
}

describe.skipIf(lacks('modes'))('a home that others can write', () => {
  it.each([0o777, 0o770, 0o720, 0o1777])('is refused with the command that fixes it: mode %o', (mode) => {
    const home = madeHome();
    chmodSync(home, mode);
    const refusal = { code: 'not_allowed', hint: `chmod go-w ${home}` };
    expect(() => open(home)).toThrow(expect.objectContaining(refusal));
    chmodSync(home, mode & ~0o022);
    open(home);
  });

  it.each(['jobs', 'configs', 'locks', 'runs', 'trash'])('is refused when it is its %s folder', (name) => {
    const home = madeHome();
    chmodSync(join(home, name), 0o777);
    // Nobody can enter it.
    open(home);
    chmodSync(home, 0o755);
    expect(() => open(home)).toThrow(
      expect.objectContaining({ code: 'not_allowed', hint: `chmod go-w ${join(home, name)}` }),
    );
  });

  it('is refused when it is a jobs folder elsewhere', ({ folder }) => {
    const jobs = join(folder, 'shared');
    mkdirSync(jobs);
    chmodSync(jobs, 0o777);
    expect(() => open(join(folder, 'home'), jobs)).toThrow(expect.objectContaining({ code: 'not_allowed' }));
  });

  it('is refused by a command, and by the scheduler', async () => {
    const home = madeHome();
    chmodSync(home, 0o777);
    for (const args of [
      ['job', 'list'],
      ['scheduler', 'run'],
      ['scheduler', 'start', '--daemon'],
    ]) {
      const said = await quickscrape(args, { home });
      expect(said.code).not.toBe(0);
      expect(said.stderr).toContain('others can write');
      expect(said.stderr).toContain(`chmod go-w ${home}`);
    }
  });

  it.runIf(isRoot)(
    'is refused when it belongs to another user, but not when it is the administrator’s',
    () => {
      const home = madeHome();
      const me = vi.spyOn(process, 'geteuid').mockReturnValue(4711);
      onTestFinished(() => me.mockRestore());
      open(home);
      chownSync(home, 4712, 4712);
      expect(() => open(home)).toThrow(
        expect.objectContaining({ code: 'not_allowed', message: expect.stringContaining('4712') }),
      );
      chownSync(home, 4711, 4711);
      open(home);
      chownSync(join(home, 'jobs'), 4712, 4712);
      expect(() => open(home)).toThrow(expect.objectContaining({ code: 'not_allowed' }));
    },
  );

  it('may be in a folder that everybody can write, such as the system’s temporary one', ({ folder }) => {
    chmodSync(folder, 0o1777);
    open(join(folder, 'home'));
  });
});
