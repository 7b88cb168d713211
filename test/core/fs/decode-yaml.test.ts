import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeYaml } from '../../../src/core/fs/read-regular-file.ts';

it('gives UTF-8 as it is, also with a byte order mark and a real U+FFFD', () => {
  const text = '\uFEFFname: "Büch\uFFFDer 📚"\n';
  expect(decodeYaml(Buffer.from(text), 'a.yaml')).toBe(text);
});

it('refuses Latin-1 with the place of the first such byte', () => {
  const bytes = Buffer.from('# \uFFFD is fine\nname: "ä"\nselectors: {t: ".caf', 'utf8');
  const rest = Buffer.from('\xe9"}\n# \xfc\n', 'latin1');
  expect(() => decodeYaml(Buffer.concat([bytes, rest]), 'a.yaml')).toThrow(
    expect.objectContaining({
      code: 'invalid_config',
      message: 'a.yaml:3:21: the byte 0xE9 is not UTF-8',
      hint: expect.stringContaining('UTF-8'),
      issues: [expect.objectContaining({ file: 'a.yaml', line: 3, column: 21 })],
    }),
  );
});

it('refuses UTF-16, and text that ends within a character', () => {
  expect(() => decodeYaml(Buffer.from('\uFEFFurl: x', 'utf16le'), 'a.yaml')).toThrow(
    'a.yaml:1:1: the byte 0xFF',
  );
  expect(() => decodeYaml(Buffer.from('url: é').subarray(0, -1), 'a.yaml')).toThrow(
    'a.yaml:1:6: the byte 0xC3',
  );
});

it('finds the place wherever it is', () => {
  const anyText = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(anyText, anyText, (before, after) => {
      const bytes = Buffer.concat([Buffer.from(before), Buffer.of(0xff), Buffer.from(after)]);
      const lines = before.split('\n');
      const place = `a:${lines.length}:${(lines.at(-1) ?? '').length + 1}: the byte 0xFF is not UTF-8`;
      expect(() => decodeYaml(bytes, 'a')).toThrow(expect.objectContaining({ message: place }));
    }),
  );
});
