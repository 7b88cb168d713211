import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { QuickscrapeError } from '../../core/errors.ts';
import { runFiles } from '../../core/run/run-files.ts';
import { copyEditorSchema } from '../../core/store/editor-schema.ts';
import { isSystemError } from '../../core/store/unavailable.ts';
import type { EffectOf } from '../state/effect.ts';
import {
  editorOf,
  type OutsideProgram,
  type OutsideResult,
  pagerOf,
  runOutside,
} from '../terminal/outside.ts';
import type { Surroundings } from './surroundings.ts';
import { takeTerminal } from './suspend.ts';

export function editFile({ path, tag }: EffectOf<'edit_file'>, surroundings: Surroundings): void {
  if (surroundings.readOnly)
    throw new QuickscrapeError('not_allowed', `${path} is not edited with --read-only.`);
  tellEnd(onTerminal(editorOf(process.env), path, surroundings), tag, surroundings);
}

/** The copy can only be read by the user, and is gone when the editor has ended. */
export function editText({ text, fileName, tag }: EffectOf<'edit_text'>, surroundings: Surroundings): void {
  inOwnFile(fileName, text, (file) => {
    if (fileName.endsWith('.yaml')) copyEditorSchema(dirname(file));
    const { problem } = onTerminal(editorOf(process.env), file, surroundings);
    surroundings.send({
      kind: 'text_edited',
      tag,
      ...edited(file),
      ...(problem !== undefined && { problem }),
    });
  });
}

export function pageFile({ path, tag }: EffectOf<'page_file'>, surroundings: Surroundings): void {
  // Old runs go with their files while they are looked at. A pager says so where nobody sees it.
  if (!existsSync(path)) {
    tellEnd({ ok: false, problem: `There is nothing to show any more: ${path} is gone.` }, tag, surroundings);
    return;
  }
  tellEnd(onTerminal(pagerOf(process.env), path, surroundings), tag, surroundings);
}

export function pageRun(effect: EffectOf<'page_run'>, surroundings: Surroundings): void {
  const { jobId, runId, file, tag } = effect;
  const { log, pages } = runFiles(surroundings.workspace.paths, jobId, runId);
  pageFile({ kind: 'page_file', path: file === 'log' ? log : join(pages, '1.html'), tag }, surroundings);
}

/** The file lies in a folder that only the user can read, and is gone when the pager has ended. */
export function pageText({ text, tag }: EffectOf<'page_text'>, surroundings: Surroundings): void {
  inOwnFile('text.txt', text, (file) =>
    tellEnd(onTerminal(pagerOf(process.env), file, surroundings), tag, surroundings),
  );
}

/** @throws QuickscrapeError `store_unavailable` when there is no room for the file */
function inOwnFile(fileName: string, text: string, work: (file: string) => void): void {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'quickscrape-'));
    const file = join(folder, fileName);
    writeFileSync(file, text, { mode: 0o600 });
    work(file);
  } catch (error) {
    throw isSystemError(error) ? noRoom(error) : error;
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function noRoom({ code, message }: NodeJS.ErrnoException): QuickscrapeError {
  return new QuickscrapeError(
    'store_unavailable',
    `No file can be made in ${tmpdir()} (${code ?? message}).`,
    {
      hint: 'Name another folder in $TMPDIR.',
    },
  );
}

function edited(file: string): { text?: string; problem?: string } {
  try {
    return { text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { problem: `What was edited cannot be read: ${error instanceof Error ? error.message : error}` };
  }
}

/** Lends the terminal to a program and takes it back. */
function onTerminal(program: OutsideProgram, file: string, surroundings: Surroundings): OutsideResult {
  const { screen, keyboard } = surroundings;
  keyboard.pause();
  screen.leave();
  const result = runOutside(program, file);
  takeTerminal(surroundings);
  return result;
}

function tellEnd({ ok, problem }: OutsideResult, tag: string, { send }: Surroundings): void {
  send({ kind: 'outside_ended', tag, ok, ...(problem !== undefined && { problem }) });
}
