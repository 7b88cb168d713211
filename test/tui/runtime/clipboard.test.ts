import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { Event } from '../../../src/tui/kernel/model.ts';
import { clipboardSequence, copyText } from '../../../src/tui/runtime/clipboard.ts';
import type { EffectContext } from '../../../src/tui/runtime/effect-context.ts';
import { needs } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

afterEach(() => vi.unstubAllEnvs());

/** Copies with a program called tmux in place of the real one. @returns what was said and what the terminal got */
function copied(text: string, tmux: string, times = 1): { said: unknown[]; written: string[] } {
  const folder = tempFolder();
  writeFileSync(join(folder, 'tmux'), tmux);
  chmodSync(join(folder, 'tmux'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  const said: unknown[] = [];
  const written: string[] = [];
  const send = (event: Event) => void said.push('text' in event ? event.text : event);
  const screen = { send: (sequence: string) => void written.push(sequence) };
  const context = { send, screen } as unknown as EffectContext;
  for (let time = 0; time < times; time += 1) copyText({ text, what: 'books' }, context);
  return { said, written };
}

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

it('goes to tmux by its command, because tmux takes no sequence of a program by default', () => {
  needs('shell');
  vi.stubEnv('TMUX', '/tmp/tmux');
  const file = join(tempFolder(), 'got');
  const { said, written } = copied('a\nb', `#!/bin/sh\n{ echo "$@"; cat; } > '${file}'\n`);
  expect([said, written]).toEqual([['Copied books.'], []]);
  expect(readFileSync(file, 'utf8')).toBe('load-buffer -w -\na\nb');
});

it('goes through the terminal where the command of tmux fails, and says once on what it depends', () => {
  needs('shell');
  vi.stubEnv('TMUX', '/tmp/tmux');
  const { said, written } = copied('a', '#!/bin/sh\nexit 1\n', 2);
  expect(said).toEqual(['Copied books. tmux passes it on if set-clipboard is on.', 'Copied books.']);
  expect(written).toHaveLength(2);
});

it('says what it depends on in a dashboard over ssh whose terminal is in tmux', () => {
  vi.stubEnv('TMUX', undefined);
  vi.stubEnv('QUICKSCRAPE_OUTER_TMUX', '1');
  const { said, written } = copied('a', '#!/bin/sh\nexit 1\n');
  expect(said).toEqual(['Copied books. tmux passes it on if set-clipboard is on.']);
  expect(written[0]).toContain('\u001bPtmux;');
});
