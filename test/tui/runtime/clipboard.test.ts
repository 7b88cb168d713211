import { expect, it } from 'vitest';
import { clipboardSequence } from '../../../src/tui/runtime/effects.ts';

it('carries the text as base64', () => {
  expect(clipboardSequence('価格 1\u001b[2J', {})).toBe(
    `\u001b]52;c;${Buffer.from('価格 1\u001b[2J').toString('base64')}\u0007`,
  );
});

it('is sent to tmux, and once more wrapped, with each escape doubled', () => {
  expect(clipboardSequence('a', { TMUX: '/tmp/tmux' })).toBe(
    '\u001b]52;c;YQ==\u0007\u001bPtmux;\u001b\u001b]52;c;YQ==\u0007\u001b\\',
  );
});

it('is not made of more than terminals take', () => {
  expect(clipboardSequence('x'.repeat(80_000), {})).toBeUndefined();
});
