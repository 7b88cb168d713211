import { delimiter, join, resolve } from 'node:path';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { isProgram, programEndings, searchPath } from '../../core/process/find-program.ts';

export const EDITORS = ['vscode', 'neovim', 'emacs'] as const;
export type EditorName = (typeof EDITORS)[number];

interface EditorFacts {
  title: string;
  /** Its programs, the usual one first. */
  programs: readonly string[];
  /** The oldest version that the plugin works in. */
  minVersion?: string;
}

export const EDITOR_FACTS: Readonly<Record<EditorName, EditorFacts>> = {
  vscode: { title: 'VS Code', programs: ['code', 'codium', 'cursor', 'code-insiders'] },
  neovim: { title: 'Neovim', programs: ['nvim'], minVersion: '0.10' },
  emacs: { title: 'Emacs', programs: ['emacs'], minVersion: '28.1' },
};

type Environment = Readonly<Record<string, string | undefined>>;

/** The path of an editor's first program on the PATH. */
export function findEditor(editor: EditorName, env: Environment = process.env): string | undefined {
  return EDITOR_FACTS[editor].programs
    .map((name) => findOnPath(name, env))
    .find((path) => path !== undefined);
}

/**
 * The path of the program that was named, else of the editor's first one on the PATH.
 * @throws QuickscrapeError `invalid_params` when there is none
 */
export function requireEditor(editor: EditorName, named: string | undefined): string {
  const { title, programs } = EDITOR_FACTS[editor];
  if (named !== undefined) {
    const path = /[/\\]/.test(named) ? programAt(resolve(named)) : findOnPath(named, process.env);
    if (path !== undefined) return path;
    throw new QuickscrapeError('invalid_params', `command: ${named} is not a program that can be started`, {
      field: 'command',
      hint: 'Give the path of a program, or a name that is on the PATH.',
    });
  }
  const path = findEditor(editor);
  if (path !== undefined) return path;
  throw new QuickscrapeError(
    'invalid_params',
    `${title} was not found: ${programs.join(', ')} ${programs.length === 1 ? 'is' : 'are'} not on the PATH`,
    { field: 'editor', hint: 'Install it, or name its program with --command.' },
  );
}

function findOnPath(name: string, env: Environment): string | undefined {
  const folders = searchPath(env)
    .split(delimiter)
    .filter((folder) => folder !== '');
  return folders.map((folder) => programAt(join(folder, name), env)).find((path) => path !== undefined);
}

/** On Windows a program has an extension: `code.cmd`. */
function programAt(path: string, env: Environment = process.env): string | undefined {
  return ['', ...programEndings(env)].map((extension) => path + extension).find(isProgram);
}

/** The version in the first line of `--version`: `NVIM v0.10.4`, `GNU Emacs 30.1`, `1.96.2`. */
export function parseEditorVersion(text: string): string | undefined {
  return /\d+(?:\.\d+)+/.exec(text.split('\n', 1)[0] ?? '')?.[0];
}

/** Whether a version is older than another one, by its numbers. */
export function isOlderVersion(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => text.split('.').map(Number));
  for (const [at, number] of (right ?? []).entries()) {
    const other = left?.[at] ?? 0;
    if (other !== number) return other < number;
  }
  return false;
}

/**
 * Asks an editor for its version.
 * @throws QuickscrapeError `invalid_params` when it does not say one, or is too old for the plugin
 */
export async function requireVersion(editor: EditorName, program: string): Promise<string> {
  const { title, minVersion } = EDITOR_FACTS[editor];
  const version = parseEditorVersion((await runEditor(program, ['--version'])).stdout);
  if (version === undefined) {
    throw new QuickscrapeError(
      'invalid_params',
      `${program} --version prints no version, so it is not ${title}`,
      {
        field: 'command',
        hint: 'Name the program of the editor with --command.',
      },
    );
  }
  if (minVersion !== undefined && isOlderVersion(version, minVersion)) {
    throw new QuickscrapeError(
      'invalid_params',
      `${title} ${version} is too old: the plugin needs ${minVersion} or newer`,
      { field: 'editor', hint: `Install a newer ${title}, or name it with --command.` },
    );
  }
  return version;
}

/** How long an editor may take: VS Code unpacks an extension, and Emacs compiles a package. */
const TIMEOUT_MS = 120_000;

/**
 * Runs an editor without a screen.
 * @throws QuickscrapeError `store_unavailable` with its first error when it fails
 */
export async function runEditor(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ stdout: string }> {
  const { execa } = await import('execa');
  const result = await execa(program, args, { reject: false, stdin: 'ignore', timeout: TIMEOUT_MS, env });
  if (!result.failed) return { stdout: result.stdout };
  const reason = result.timedOut
    ? 'it did not end within two minutes'
    : firstLine(result.stderr) ||
      firstLine(result.stdout) ||
      (result.shortMessage ?? 'it ended with an error');
  throw new QuickscrapeError(
    'store_unavailable',
    `${program} ${args[0] ?? ''} failed: ${sanitizeText(reason)}`,
    {
      hint: 'Start the editor by hand to see more.',
    },
  );
}

function firstLine(text: string | undefined): string {
  return text?.trim().split('\n', 1)[0] ?? '';
}
