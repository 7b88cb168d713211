import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startLogCapping } from '../../../src/scrape/attempt/run-log.ts';
import { tempFolder } from '../../temp-folder.ts';

it('leaves no half of a character where the last look cuts a log, which a terminal would act upon', () => {
  const file = join(tempFolder(), 'run.log');
  // Its last byte, 0x95, is a control where a terminal knows no UTF-8.
  writeFileSync(file, 'क'.repeat(2_600_000));
  startLogCapping(file)();
  const left = readFileSync(file, 'latin1');
  expect(left).toMatch(/\[\.\.\. \d+ bytes dropped \.\.\.\]\n\?à¤\u0095/);
});
