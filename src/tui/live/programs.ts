import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EffectOf } from '../state/effect.ts';
import { editorCommand, pagerCommand, runOutside } from '../terminal/outside.ts';
import type { Surroundings } from './surroundings.ts';

export function editFile({ path, tag }: EffectOf<'edit_file'>, surroundings: Surroundings): void {
  onTerminal(editorCommand(process.env), path, tag, surroundings);
}

export function pageFile({ path, tag }: EffectOf<'page_file'>, surroundings: Surroundings): void {
  onTerminal(pagerCommand(process.env), path, tag, surroundings);
}

/** The file lies in a folder that only the user can read, and is gone when the pager has ended. */
export function pageText({ text, tag }: EffectOf<'page_text'>, surroundings: Surroundings): void {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-'));
  try {
    const file = join(folder, 'text.txt');
    writeFileSync(file, text, { mode: 0o600 });
    onTerminal(pagerCommand(process.env), file, tag, surroundings);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lends the terminal to a program and takes it back. */
function onTerminal(command: string, file: string, tag: string, surroundings: Surroundings): void {
  const { screen, keyboard, send } = surroundings;
  keyboard.pause();
  screen.leave();
  const { ok, problem } = runOutside(command, file);
  screen.enter();
  keyboard.resume();
  send({ kind: 'resize', ...screen.size });
  send({ kind: 'outside_ended', tag, ok, ...(problem !== undefined && { problem }) });
}
