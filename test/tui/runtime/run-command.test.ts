import { expect, it } from 'vitest';
import type { EffectOf, Event } from '../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../src/tui/runtime/effect-context.ts';
import { runOwnCommand } from '../../../src/tui/runtime/run-command.ts';
import { lacks } from '../../platform.ts';

/** The event that a command in the background ends with. */
function resultOf(argv: readonly string[], fields: Partial<EffectOf<'run_command'>> = {}): Promise<Event> {
  return new Promise((resolve) => {
    const context = { readOnly: false, send: resolve } as unknown as EffectContext;
    const effect = { id: 'own.a', title: 'Try it', argv, background: true, readsOnly: false };
    runOwnCommand({ kind: 'run_command', ...effect, ...fields }, context);
  });
}

const node = (script: string) => [process.execPath, '-e', script];

it('a command in the background ends with a notice of the last line that it printed', async () => {
  expect(await resultOf(node('console.log("one"); console.log("two")'))).toEqual({
    kind: 'said',
    tone: 'good',
    text: 'Try it: two',
    subject: 'own.a',
  });
  expect(await resultOf(node(''))).toMatchObject({ tone: 'good', text: 'Try it: done.' });
});

it('one that fails says with which code, and its last complaint', async () => {
  expect(await resultOf(node('console.error("no luck"); process.exitCode = 3'))).toMatchObject({
    tone: 'bad',
    text: `Try it: ${process.execPath} ended with code 3: no luck`,
  });
});

it.skipIf(lacks('linux'))('a command in the background has no terminal to ask on', async () => {
  const script = 'read -r _ _ _ _ _ session _ < /proc/$$/stat; [ "$session" = $$ ] && echo its own session';
  expect(await resultOf(['sh', '-c', script])).toMatchObject({ text: 'Try it: its own session' });
});

it('one that does not start says why', async () => {
  expect(await resultOf(['quickscrape-no-such-program'])).toMatchObject({
    tone: 'bad',
    text: 'Try it: quickscrape-no-such-program was not found',
  });
});

it('its arguments are read by no shell', async () => {
  const script = 'console.log(JSON.stringify(process.argv.slice(1)))';
  expect(await resultOf([...node(script), '--', '$HOME; echo x', '*'])).toMatchObject({
    text: 'Try it: ["$HOME; echo x","*"]',
  });
});

it('with --read-only nothing runs that may change something', () => {
  const context = { readOnly: true } as unknown as EffectContext;
  const effect = { id: 'own.a', title: 'Try it', argv: node(''), background: true, readsOnly: false };
  expect(() => runOwnCommand({ kind: 'run_command', ...effect }, context)).toThrow(
    'Try it: not with --read-only.',
  );
});
