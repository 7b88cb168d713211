import { closeSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { createStagedLog } from '../../../../src/core/execution/standby-process.ts';
import { makeHome, resolveHome } from '../../../../src/core/fs/paths.ts';
import { openRunLog, runFiles } from '../../../../src/core/runs/run-files.ts';
import { tempFolder } from '../../../temp-folder.ts';

it('is not the log of a run whose folder cannot be looked into any more', () => {
  const paths = resolveHome({ home: tempFolder() });
  makeHome(paths);
  const files = runFiles(paths, 'news', 'r1');
  closeSync(openRunLog(files));
  const log = createStagedLog(paths, files);
  try {
    expect(log.moveTo(files)).toBe(true);
    const folder = dirname(files.log);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    expect(log.moveTo(files)).toBe(false);
  } finally {
    closeSync(log.descriptor);
  }
});
