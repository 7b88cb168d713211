import { afterEach, expect, it, vi } from 'vitest';
import type { EffectContext } from '../../../src/tui/runtime/effect-context.ts';
import { clipboardSequence, copyText } from '../../../src/tui/runtime/effects.ts';

afterEach(() => void vi.unstubAllEnvs());

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

it('says once, inside tmux, on what it depends whether a copied text arrives', () => {
  const told: unknown[] = [];
  const dashboard = () =>
    ({
      send: (event: unknown) => told.push(event),
      screen: { send: () => undefined },
    }) as unknown as EffectContext;
  const copied = (context: EffectContext) => {
    copyText({ text: 'a', what: '3 items' }, context);
    return told.at(-1);
  };
  vi.stubEnv('TMUX', '/tmp/tmux-0/default,1,0');
  const inTmux = dashboard();
  const first = 'Copied 3 items. tmux passes it on if set-clipboard is on.';
  expect(copied(inTmux)).toMatchObject({ tone: 'good', text: first });
  expect(copied(inTmux)).toMatchObject({ text: 'Copied 3 items.' });
  vi.stubEnv('TMUX', undefined);
  expect(copied(dashboard())).toMatchObject({ text: 'Copied 3 items.' });
});
