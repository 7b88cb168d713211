import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { RunLog } from '../../../src/scrape/attempt/run-log.ts';
import { tempFolder } from '../../temp-folder.ts';

it('leaves no half of a character where the last look cuts a log, which a terminal would act upon', () => {
  const files = runFiles(resolveHome({ home: tempFolder() }), 'job', 'run');
  const log = new RunLog(files);
  // Its last byte, 0x95, is a control where a terminal knows no UTF-8.
  writeFileSync(files.log, 'क'.repeat(2_600_000));
  log.close();
  const left = readFileSync(files.log, 'latin1');
  expect(left).toMatch(/\[\.\.\. \d+ bytes dropped \.\.\.\]\n\?à¤\u0095/);
});

it('drops lines of a log that is copied while it grows, and says so, but for errors', () => {
  const files = runFiles(resolveHome({ home: tempFolder() }), 'job', 'run');
  const log = new RunLog(files, { maxBytes: 200 });
  for (let at = 0; at < 20; at += 1) log.line('info', `page ${at} of many`);
  log.line('error', 'the site is gone');
  log.close();
  const text = readFileSync(files.log, 'utf8');
  expect(text).toMatch(
    /page 0 of many\n[\s\S]*\[\.\.\. the log is full: only errors follow \.\.\.\]\n.* ERROR the site is gone\n$/,
  );
  expect(text).not.toContain('page 19');
});
