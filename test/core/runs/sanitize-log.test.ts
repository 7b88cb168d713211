import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replaceControlCharacters } from '../../../src/core/lib/sanitize-text.ts';
import { sanitizeLog } from '../../../src/core/runs/sanitize-log.ts';

import { tempFolder } from '../../temp-folder.ts';

it.each([
  [
    'colours and titles of a terminal',
    '\u001b[31mred\u001b[0m \u001b]0;title\u0007',
    '?[31mred?[0m ?]0;title?',
  ],
  ['what turns or hides text', 'a\u202eb\u200bc\u009bd\u00ade', 'a???b???c??d??e'],
  ['lines that are drawn over', ' 10 %\r 20 %\r\ndone\n', ' 10 %\n 20 %\r\ndone\n'],
  ['what is no danger', 'tab\there żółw 猫 🐢 e\u0301\n', 'tab\there żółw 猫 🐢 e\u0301\n'],
])('cleans a log of %s', (_what, written, left) => {
  const file = join(tempFolder(), 'run.log');
  writeFileSync(file, written);
  expect(sanitizeLog(file)).toBe(Buffer.byteLength(written));
  expect(readFileSync(file, 'utf8')).toBe(left);
});

it('cleans bytes that are no UTF-8 where a terminal of another kind would act upon them', () => {
  const file = join(tempFolder(), 'run.log');
  writeFileSync(file, Buffer.from([0x9b, 0x41, 0xe4, 0x42, 0xc3, 0x1b, 0x0a]));
  expect(sanitizeLog(file)).toBe(7);
  expect([...readFileSync(file)]).toEqual([0x3f, 0x41, 0xe4, 0x42, 0xc3, 0x3f, 0x0a]);
});

it('is sanitised the same in any chunks, without shifting offsets', () => {
  const file = join(tempFolder(), 'run.log');
  const pieces = fc.array(fc.uint8Array({ maxLength: 7 }));
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, pieces, (said, noise) => {
      const bytes = Buffer.from(`${said}\n`);
      writeFileSync(file, '');
      let clean = 0;
      for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
        const length = Math.max(1, noise[piece]?.length ?? 7);
        appendFileSync(file, bytes.subarray(at, at + length));
        at += length;
        clean = sanitizeLog(file, clean);
      }
      const left = readFileSync(file, 'utf8');
      expect(clean).toBe(bytes.length);
      expect(replaceControlCharacters(left)).toBe(left.replaceAll('\r\n', '\n'));
      expect(Buffer.byteLength(left)).toBe(bytes.length);
    }),
  );
});

it('of any bytes it leaves as many, and none that is a control', () => {
  const file = join(tempFolder(), 'run.log');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      writeFileSync(file, Buffer.concat([noise, Buffer.from('\n')]));
      expect(sanitizeLog(file)).toBe(noise.length + 1);
      const left = readFileSync(file);
      expect(left.length).toBe(noise.length + 1);
      expect(replaceControlCharacters(left.toString())).toBe(left.toString().replaceAll('\r\n', '\n'));
    }),
  );
});

it('begins anew where a log is shorter than it was', () => {
  const file = join(tempFolder(), 'run.log');
  writeFileSync(file, '\u0007'.repeat(3));
  expect(sanitizeLog(file, 10)).toBe(3);
  expect(readFileSync(file, 'utf8')).toBe('???');
});
