import { Argument, type Command } from 'commander';
import { findInstallation } from '../../core/lib/installation.ts';
import { VERSION } from '../../core/lib/program.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { renderTable } from '../render/table.ts';
import {
  EDITOR_FACTS,
  EDITORS,
  type EditorName,
  findEditor,
  requireEditor,
  requireVersion,
} from './find-editor.ts';
import { type InstalledPlugin, PLUGIN_INSTALLERS } from './install-editor.ts';

interface Flags {
  command?: string;
}

function editorArgument(): Argument {
  return new Argument('<editor>', 'which editor').choices(EDITORS);
}

const COMMAND_FLAG = [
  '--command <program>',
  'the program of the editor (default: the first one on the PATH)',
] as const;

export function editorInstall(): Command {
  const command = leafCommand('install', {
    overSsh: true,
    description:
      'Install the plugin for an editor, or bring it to this version. For VS Code, codium, cursor and code-insiders it is an extension, for Neovim a native package, for Emacs a package. Changes nothing that it did not install.',
    json: '{ editor, program, version, previous, path, next }: next says what to do now',
    examples: [
      ['editor install neovim', 'into its folder of packages; NVIM_APPNAME and XDG_DATA_HOME count'],
      ['editor install vscode --command cursor', 'a relative of VS Code'],
    ],
  })
    .addArgument(editorArgument())
    .option(...COMMAND_FLAG);
  return onCommand<[EditorName], Flags>(command, async (context, [editor], flags) => {
    const program = requireEditor(editor, flags.command);
    await requireVersion(editor, program);
    const installer = PLUGIN_INSTALLERS[editor];
    const previous = (await installer.find(program))?.version ?? null;
    const { version, path } = await installer.install(program);
    const next = nextSteps(editor, path);
    await context.print({ editor, program, version, previous, path, next }, () => {
      const where = path === null ? `with ${program}` : `in ${path}`;
      const what =
        previous === null
          ? 'Installed'
          : previous === version
            ? 'Installed again'
            : `Updated from ${previous}`;
      const lines = [`${what}: the plugin for ${EDITOR_FACTS[editor].title}, ${version}, ${where}`, ...next];
      return lines.map((line) => sanitizeText(line)).join('\n');
    });
  });
}

/** What to do after the installation, a sentence each. */
function nextSteps(editor: EditorName, path: string | null): string[] {
  const { kind, argv } = findInstallation();
  // An editor finds the program on the PATH where a package manager has put it there.
  const onPath = ['npm-global', 'deb', 'homebrew', 'container'].includes(kind);
  const words = argv.map((word) => JSON.stringify(word));
  switch (editor) {
    case 'vscode':
      return [
        'Reload the window of the editor; the view QuickScrape is in its side bar.',
        ...(onPath ? [] : [`Settings: "quickscrape.command": [${words.join(', ')}]`]),
      ];
    case 'neovim':
      return [
        'In Neovim, :Quickscrape shows the jobs, and :checkhealth quickscrape says what is missing.',
        `lazy.nvim turns native packages off; add to its spec: { dir = ${JSON.stringify(path)} }`,
        ...(onPath ? [] : [`init.lua: require("quickscrape").setup({ command = { ${words.join(', ')} } })`]),
      ];
    case 'emacs':
      return [
        'In Emacs, M-x quickscrape shows the jobs.',
        `Without package.el (straight, elpaca, Doom), init.el needs: (add-to-list 'load-path ${JSON.stringify(path)}) (require 'quickscrape)`,
        ...(onPath ? [] : [`init.el: (setq quickscrape-command '(${words.join(' ')}))`]),
      ];
  }
}

export function editorUninstall(): Command {
  const command = leafCommand('uninstall', {
    overSsh: true,
    description: 'Remove the plugin from an editor. Settings of the editor stay as they are.',
    json: '{ editor, program, removed, path }: removed is the version, or null when it was not installed',
    examples: [['editor uninstall neovim', 'its folder of packages is as before']],
  })
    .addArgument(editorArgument())
    .option(...COMMAND_FLAG);
  return onCommand<[EditorName], Flags>(command, async (context, [editor], flags) => {
    const program = requireEditor(editor, flags.command);
    const plugin = await PLUGIN_INSTALLERS[editor].find(program);
    if (plugin !== undefined) await PLUGIN_INSTALLERS[editor].uninstall(program, plugin);
    const { title } = EDITOR_FACTS[editor];
    await context.print(
      { editor, program, removed: plugin?.version ?? null, path: plugin?.path ?? null },
      () =>
        plugin === undefined
          ? `The plugin for ${title} is not installed.`
          : sanitizeText(
              `Removed the plugin for ${title}, ${plugin.version}${plugin.path === null ? '' : `, from ${plugin.path}`}.`,
            ),
    );
  });
}

interface EditorRow {
  editor: EditorName;
  program: string | null;
  version: string | null;
  installed: string | null;
  path: string | null;
  /** Why the editor cannot be used. */
  problem: string | null;
}

export function editorList(): Command {
  const command = leafCommand('list', {
    overSsh: true,
    description:
      'List the editors that a plugin is for: which are on the PATH, and which have it, in which version.',
    json: '{ version, editors }: each editor with program, version, installed, path, problem',
    examples: [['editor list', 'which editors are found']],
  });
  return onCommand<[], object>(command, async (context) => {
    const editors = await Promise.all(EDITORS.map(describeEditor));
    await context.print({ version: VERSION, editors }, () =>
      renderTable<EditorRow>(
        [
          { title: 'EDITOR', value: ({ editor }) => editor },
          { title: 'VERSION', value: ({ version }) => version ?? '-' },
          { title: 'PLUGIN', value: describePlugin },
          { title: 'PROGRAM', value: ({ program }) => program ?? 'not on the PATH', flexible: true, drop: 1 },
        ],
        editors,
        context.out,
      ),
    );
  });
}

function describePlugin({ program, installed, problem }: EditorRow): string {
  if (program === null) return '-';
  if (problem !== null) return problem;
  if (installed === null) return 'not installed';
  return installed === VERSION ? installed : `${installed}, not ${VERSION}`;
}

async function describeEditor(editor: EditorName): Promise<EditorRow> {
  const program = findEditor(editor) ?? null;
  const row: EditorRow = { editor, program, version: null, installed: null, path: null, problem: null };
  if (program === null) return row;
  try {
    row.version = await requireVersion(editor, program);
    const plugin: InstalledPlugin | undefined = await PLUGIN_INSTALLERS[editor].find(program);
    return { ...row, installed: plugin?.version ?? null, path: plugin?.path ?? null };
  } catch (error) {
    return { ...row, problem: error instanceof Error ? error.message : String(error) };
  }
}
