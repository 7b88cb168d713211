// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import { expect, it } from 'vitest';
import { codeFrame } from '../../../src/cli/render/format-findings.ts';

it('shows the line that is meant, and where in it', () => {
  expect(codeFrame('url: x\nitem: "li["\n', 2, 7)).toEqual(['2 | item: "li["', '  |       ^']);
});

it('shows nothing where there is no line, and nothing that steers a terminal', () => {
  expect(codeFrame('url: x\n', 9, 1)).toEqual([]);
  expect(codeFrame('url: x\n', undefined)).toEqual([]);
  expect(codeFrame('url: \u001b[2Jx', 1, 1)[0]).toBe('1 | url: \ufffd[2Jx');
});

it.each([
  ['url: "https://ann:s3cret@e.com/"', 'url: "https://ann:******@e.com/"'],
  ['urls: [http://:s3cret@e.com]', 'urls: [http://:******@e.com]'],
  ['a: { type: form, password: s3cret, b: c }', 'a: { type: form, password: ******, b: c }'],
  [`password: "it's $3 cret", b: c`, 'password: "************", b: c'],
  ["password: ' \"s3'", "password: '****'"],
  ['password: s3 c#ret', 'password: ********'],
  ['  "password": "s3cret" # x', '  "password": "******" # x'],
  ['  password: "${SHOP}"', '  password: "${SHOP}"'],
  ['url: https://ann:${SHOP}@e.com:80/', 'url: https://ann:${SHOP}@e.com:80/'],
  ['url: https://e.com:80/a@b', 'url: https://e.com:80/a@b'],
])('shows no password: %s', (text, shown) => {
  expect(codeFrame(text, 1)[0]).toBe(`1 | ${shown}`);
});
