import { expect, it } from 'vitest';
import { codeFrame } from '../../src/cli/code-frame.ts';

it('shows the line that is meant, and where in it', () => {
  expect(codeFrame('url: x\nitem: "li["\n', 2, 7)).toEqual(['2 | item: "li["', '  |       ^']);
});

it('shows nothing where there is no line, and nothing that steers a terminal', () => {
  expect(codeFrame('url: x\n', 9, 1)).toEqual([]);
  expect(codeFrame('url: x\n', undefined)).toEqual([]);
  expect(codeFrame('url: \u001b[2Jx', 1, 1)[0]).toBe('1 | url: \ufffd[2Jx');
});
