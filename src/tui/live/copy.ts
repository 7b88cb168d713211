import type { EffectOf } from '../state/effect.ts';
import { clipboardSequence } from '../terminal/clipboard.ts';
import type { EffectContext } from './effect-context.ts';

export function copy({ text, what }: EffectOf<'copy'>, { screen, send }: EffectContext): void {
  const sequence = clipboardSequence(text, process.env);
  if (sequence === undefined) {
    send({ kind: 'said', tone: 'warning', text: `${what}: too long for the terminal's clipboard.` });
    return;
  }
  screen.send(sequence);
  send({ kind: 'said', tone: 'good', text: `Copied ${what}.` });
}
