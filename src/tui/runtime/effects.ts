import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyConfigSchema } from '../../core/fs/editor-schemas.ts';
import { isSystemError } from '../../core/fs/system-errors.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { programFile } from '../../core/lib/program.ts';
import { withHint } from '../../core/lib/text.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import { toFailure } from '../kernel/call.ts';
import type { Effect, EffectOf } from '../kernel/model.ts';
import { copyText } from './clipboard.ts';
import type { EffectContext, EffectHandlers } from './effect-context.ts';
import {
  type ExternalProgram,
  type ExternalProgramResult,
  findEditor,
  findPager,
  runExternalProgram,
} from './external-program.ts';
import { runCall } from './run-call.ts';
import { runOwnCommand } from './run-command.ts';
import { suspend, takeTerminal } from './terminal/signals.ts';

function editFile({ path, tag }: EffectOf<'edit_file'>, context: EffectContext): void {
  if (context.readOnly) throw new QuickscrapeError('not_allowed', `${path} is not edited with --read-only.`);
  sendEnd(runOnTerminal(findEditor(process.env), path, context), tag, context);
}

/** Opens a copy in the editor. Only the user can read the copy, and it is removed when the editor exits. */
function editText({ text, fileName, tag }: EffectOf<'edit_text'>, context: EffectContext): void {
  withPrivateFile(fileName, text, (file) => {
    if (fileName.endsWith('.yaml')) copyConfigSchema(dirname(file));
    const { problem } = runOnTerminal(findEditor(process.env), file, context);
    context.send({
      kind: 'text_edited',
      tag,
      ...readEditedText(file),
      ...(problem !== undefined && { problem }),
    });
  });
}

function pageFile({ path, tag }: EffectOf<'page_file'>, context: EffectContext): void {
  // Retention may remove an old run's files while they are open. A pager's own message would not be visible.
  if (!existsSync(path)) {
    sendEnd({ ok: false, problem: `There is nothing to show any more: ${path} is gone.` }, tag, context);
    return;
  }
  sendEnd(runOnTerminal(findPager(process.env), path, context), tag, context);
}

function pageRun(effect: EffectOf<'page_run'>, context: EffectContext): void {
  const { jobId, runId, file, tag } = effect;
  const { log, pages } = runFiles(context.workspace.paths, jobId, runId);
  pageFile({ kind: 'page_file', path: file === 'log' ? log : join(pages, '1.html'), tag }, context);
}

/**
 * Opens a text in the pager. The file lies in a folder that only the user can read, and is removed when the pager
 * exits.
 */
function pageText({ text, tag }: EffectOf<'page_text'>, context: EffectContext): void {
  withPrivateFile('text.txt', text, (file) =>
    sendEnd(runOnTerminal(findPager(process.env), file, context), tag, context),
  );
}

/** No command whose text is shown takes so long. */
const COMMAND_TIMEOUT_MS = 60_000;

function pageCommand({ args, tag }: EffectOf<'page_command'>, context: EffectContext): void {
  const words = [programFile('cli'), '--home', context.workspace.paths.home, ...args];
  const child = execFile(
    process.execPath,
    words,
    { timeout: COMMAND_TIMEOUT_MS, windowsHide: true },
    (error, stdout, stderr) => {
      // The dashboard was left meanwhile, or another program has the terminal.
      if (!context.screen.isEntered) return;
      const text = [stdout, stderr, stdout + stderr === '' ? (error?.message ?? '') : ''].join('');
      sendingFailures(context, () => pageText({ kind: 'page_text', text, tag }, context));
    },
  );
  child.unref();
}

/** @throws QuickscrapeError `store_unavailable` when the file cannot be created */
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
    `no file can be made in ${tmpdir()} (${code ?? message}).`,
    {
      hint: 'Name another folder in $TMPDIR.',
    },
  );
}

function readEditedText(file: string): { text?: string; problem?: string } {
  try {
    return { text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { problem: `Cannot read the edited text: ${error instanceof Error ? error.message : error}` };
  }
}

/** Gives the terminal to a program and takes it back afterwards. */
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

/** The handlers of effects that belong to no feature. */
export const RUNTIME_EFFECTS = {
  call: runCall,
  copy: copyText,
  edit_file: editFile,
  edit_text: editText,
  page_command: pageCommand,
  page_file: pageFile,
  page_run: pageRun,
  page_text: pageText,
  quit: ({ exitCode }, { quit }) => quit(exitCode),
  run_command: runOwnCommand,
  save_preferences: ({ changed }, { preferences }) => preferences.save(changed),
  suspend: (_, context) => suspend(context),
  use_mouse: ({ on }, { screen }) => screen.useMouse(on),
} satisfies Partial<EffectHandlers>;

/** Runs an effect that a reducer requested. The result, or the failure, is sent as an event. */
export function runEffect(handlers: EffectHandlers, effect: Effect, context: EffectContext): void {
  const handler = handlers[effect.kind] as (effect: Effect, context: EffectContext) => void;
  sendingFailures(context, () => handler(effect, context));
}

function sendingFailures(context: EffectContext, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { message, hint } = toFailure(error);
    context.send({ kind: 'said', tone: 'bad', text: withHint(message, hint) });
  }
}
