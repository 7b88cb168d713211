import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { backUpTo } from '../../../../src/core/database/recovery/restore.ts';
import { it } from '../../../extend.ts';

/** A process that lives until the test ends, or has ended already. */
async function pidOf(state: 'alive' | 'gone'): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300_000)']);
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  if (state === 'gone') await kill();
  else onTestFinished(kill);
  return child.pid ?? 0;
}

it('a backup removes what killed backups to the same file left, and nothing else', async ({
  folder,
  workspace,
}) => {
  const target = join(folder, 'news.db');
  const [alive, gone] = [await pidOf('alive'), await pidOf('gone')];
  const put = (...names: string[]) => names.map((name) => writeFileSync(join(folder, name), 'x'));
  put(`news.db.${gone}.tmp`, `news.db.${gone}.tmp-journal`, `news.db.${process.pid}.tmp-journal`);
  // Another process has the number by now.
  put(`news.db.${alive}.tmp-journal`);
  const old = new Date(Date.now() - 8 * 86_400_000);
  utimesSync(join(folder, `news.db.${alive}.tmp-journal`), old, old);
  const left = [`news.db.${alive}.tmp`, `news.db.old.${gone}.tmp`, `other.db.${gone}.tmp`, 'news.db.tmp'];
  put(...left);
  backUpTo(workspace.paths, target);
  expect(readdirSync(folder).sort()).toEqual(['news.db', ...left].sort());
});
