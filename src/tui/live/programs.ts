import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyEditorSchema } from '../../core/configs/editor-schema.ts';
import { isSystemError } from '../../core/fs/unavailable.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import type { EffectOf } from '../state/effect.ts';
import {
  type ExternalProgram,
  type ExternalProgramResult,
  findEditor,
  findPager,
  runExternalProgram,
} from '../terminal/external-program.ts';
import type { EffectContext } from './effect-context.ts';
import { takeTerminal } from './suspend.ts';

export function editFile({ path, tag }: EffectOf<'edit_file'>, context: EffectContext): void {
  if (context.readOnly) throw new QuickscrapeError('not_allowed', `${path} is not edited with --read-only.`);
  sendEnd(runOnTerminal(findEditor(process.env), path, context), tag, context);
}

/** The copy can only be read by the user, and is gone when the editor has ended. */
export function editText({ text, fileName, tag }: EffectOf<'edit_text'>, context: EffectContext): void {
  withPrivateFile(fileName, text, (file) => {
    if (fileName.endsWith('.yaml')) copyEditorSchema(dirname(file));
    const { problem } = runOnTerminal(findEditor(process.env), file, context);
    context.send({
      kind: 'text_edited',
      tag,
      ...readEditedText(file),
      ...(problem !== undefined && { problem }),
    });
  });
}

export function pageFile({ path, tag }: EffectOf<'page_file'>, context: EffectContext): void {
  // Old runs go with their files while they are looked at. A pager says so where nobody sees it.
  if (!existsSync(path)) {
    sendEnd({ ok: false, problem: `There is nothing to show any more: ${path} is gone.` }, tag, context);
    return;
  }
  sendEnd(runOnTerminal(findPager(process.env), path, context), tag, context);
}

export function pageRun(effect: EffectOf<'page_run'>, context: EffectContext): void {
  const { jobId, runId, file, tag } = effect;
  const { log, pages } = runFiles(context.workspace.paths, jobId, runId);
  pageFile({ kind: 'page_file', path: file === 'log' ? log : join(pages, '1.html'), tag }, context);
}

/** The file lies in a folder that only the user can read, and is gone when the pager has ended. */
export function pageText({ text, tag }: EffectOf<'page_text'>, context: EffectContext): void {
  withPrivateFile('text.txt', text, (file) =>
    sendEnd(runOnTerminal(findPager(process.env), file, context), tag, context),
  );
}

/** @throws QuickscrapeError `store_unavailable` when there is no room for the file */
function withPrivateFile(fileName: string, text: string, work: (file: string) => void): void {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'quickscrape-'));
    const file = join(folder, fileName);
    writeFileSync(file, text, { mode: 0o600 });
    work(file);
  } catch (error) {
    throw isSystemError(error) ? writeFailed(error) : error;
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function writeFailed({ code, message }: NodeJS.ErrnoException): QuickscrapeError {
  return new QuickscrapeError(
    'store_unavailable',
    `No file can be made in ${tmpdir()} (${code ?? message}).`,
    {
      hint: 'Name another folder in $TMPDIR.',
    },
  );
}

function readEditedText(file: string): { text?: string; problem?: string } {
  try {
    return { text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { problem: `What was edited cannot be read: ${error instanceof Error ? error.message : error}` };
  }
}

/** Lends the terminal to a program and takes it back. */
function runOnTerminal(
  program: ExternalProgram,
  file: string,
  context: EffectContext,
): ExternalProgramResult {
  const { screen, keyboard } = context;
  keyboard.pause();
  screen.leave();
  const result = runExternalProgram(program, file);
  takeTerminal(context);
  return result;
}

function sendEnd({ ok, problem }: ExternalProgramResult, tag: string, { send }: EffectContext): void {
  send({ kind: 'outside_ended', tag, ok, ...(problem !== undefined && { problem }) });
}
