import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isPlainHome } from '../../../src/rpc/mcp/optional-tools.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

function plainHome(): string {
  const home = tempFolder();
  openTempWorkspace({ home });
  return home;
}

it('a home without settings and workers is plain', () => {
  const home = plainHome();
  expect(isPlainHome(home)).toBe(true);
  writeFileSync(join(home, 'settings.yaml'), 'keep_runs: 5\n');
  expect(isPlainHome(home)).toBe(true);
});

it('one with workers, or that may have an executor, is not', () => {
  const invited = plainHome();
  writeFileSync(join(invited, 'workers.json'), '{}');
  expect(isPlainHome(invited)).toBe(false);
  const set = plainHome();
  writeFileSync(join(set, 'settings.yaml'), '{ "executor": bullmq }\n');
  expect(isPlainHome(set)).toBe(false);
});

it('nor is one that is not there', () => {
  expect(isPlainHome(join(tempFolder(), 'typo'))).toBe(false);
  expect(isPlainHome(tempFolder())).toBe(false);
});

it.skipIf(lacks('modes'))('nor one that others can write', () => {
  const home = plainHome();
  chmodSync(home, 0o777);
  expect(isPlainHome(home)).toBe(false);
});
