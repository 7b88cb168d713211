import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { isSystemError } from '../../core/fs/system-errors.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { bundledFile, PACKAGE_NAME, VERSION } from '../../core/lib/program.ts';
import { type EditorName, runEditor } from './find-editor.ts';

/** A plugin as it is installed in an editor. `path` is null where the editor alone knows it. */
export interface InstalledPlugin {
  version: string;
  path: string | null;
}

/** What `editor` does in one of the editors. All take the path of its program. */
interface PluginInstaller {
  find(program: string): Promise<InstalledPlugin | undefined>;
  /** @throws QuickscrapeError `not_allowed` when something is in its place that this program did not install */
  install(program: string): Promise<InstalledPlugin>;
  /** Removes what `find` has found. */
  uninstall(program: string, plugin: InstalledPlugin): Promise<void>;
}

const EXTENSION_ID = `quickscrape.${PACKAGE_NAME}`;

const vscode: PluginInstaller = {
  async find(program) {
    const { stdout } = await runEditor(program, ['--list-extensions', '--show-versions']);
    const line = stdout.split('\n').find((each) => each.startsWith(`${EXTENSION_ID}@`));
    return line === undefined
      ? undefined
      : { version: line.slice(EXTENSION_ID.length + 1).trim(), path: null };
  },
  async install(program) {
    await runEditor(program, ['--install-extension', extensionFile(), '--force']);
    return { version: VERSION, path: null };
  },
  async uninstall(program) {
    await runEditor(program, ['--uninstall-extension', EXTENSION_ID]);
  },
};

function extensionFile(): string {
  const bundled = bundledFile('editors/quickscrape.vsix');
  // In a clone, where the extension is an artefact of its own.
  const built = join(dirname(bundled), '..', '..', 'artefacts', `${PACKAGE_NAME}-${VERSION}.vsix`);
  const file = [bundled, built].find((each) => existsSync(each));
  if (file !== undefined) return file;
  throw new QuickscrapeError('not_allowed', `there is no extension at ${bundled}`, {
    hint: 'In a clone, build it with: npm run artefacts -- vsix. Otherwise install QuickScrape Jobs again.',
  });
}

/** Says that a folder is ours, and holds the version. */
const MARKER = '.installed-by-quickscrape';

const neovim: PluginInstaller = {
  async find(program) {
    const path = await neovimFolder(program);
    const version = readMarker(path);
    return version === undefined ? undefined : { version, path };
  },
  async install(program) {
    const folder = await neovimFolder(program);
    const previous = await wrapSystemError(folder, async () => lstatSync(folder, { throwIfNoEntry: false }));
    if (previous?.isSymbolicLink()) throw foreign(folder, 'a symbolic link');
    if (previous !== undefined && readMarker(folder) === undefined)
      throw foreign(folder, 'not a folder that this program made');
    // Beside the folder whose packages Neovim loads, so that it never sees half of one.
    const staging = join(folder, '..', '..', `new.${process.pid}`);
    const old = join(folder, '..', '..', `old.${process.pid}`);
    try {
      await wrapSystemError(folder, async () => {
        mkdirSync(dirname(folder), { recursive: true });
        cpSync(sourceOf('neovim'), staging, { recursive: true });
        writeFileSync(join(staging, MARKER), `${VERSION}\n`);
        const doc = { QUICKSCRAPE_DOC: join(staging, 'doc') };
        await runNeovim(
          program,
          'vim.cmd.helptags({ args = { vim.fn.fnameescape(vim.env.QUICKSCRAPE_DOC) } })',
          doc,
        );
        if (previous !== undefined) renameSync(folder, old);
        renameSync(staging, folder);
      });
    } finally {
      rmSync(staging, { recursive: true, force: true });
      rmSync(old, { recursive: true, force: true });
    }
    return { version: VERSION, path: folder };
  },
  async uninstall(_program, { path }) {
    if (path !== null) await wrapSystemError(path, async () => rmSync(path, { recursive: true }));
  },
};

/** Neovim is asked, because XDG_DATA_HOME, NVIM_APPNAME and the system decide. */
async function neovimFolder(program: string): Promise<string> {
  const data = await runNeovim(program, 'io.stdout:write(vim.fn.stdpath("data"))');
  if (!isAbsolute(data)) {
    throw new QuickscrapeError('invalid_params', `the data folder of Neovim, ${data}, is a relative path`, {
      hint: 'Set XDG_DATA_HOME to an absolute path, or unset it.',
    });
  }
  return join(data, 'site', 'pack', 'quickscrape', 'start', 'quickscrape');
}

async function runNeovim(program: string, lua: string, env: Record<string, string> = {}): Promise<string> {
  const args = ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '--cmd', `lua ${lua}`, '--cmd', 'qall!'];
  return (await runEditor(program, args, env)).stdout;
}

function readMarker(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, MARKER), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Prints version, folder, kind and summary of the installed package, a line each. */
const FIND_PACKAGE = `
  (let ((found (cadr (assq 'quickscrape package-alist))))
    (when found
      (princ (format "%s\\n%s\\n%s\\n%s" (package-version-join (package-desc-version found)) (package-desc-dir found)
                     (cond ((eq (package-desc-kind found) 'vc) "vc")
                           ((file-symlink-p (directory-file-name (package-desc-dir found))) "link")
                           ("package"))
                     (package-desc-summary found)))))`;
const INSTALL_PACKAGE = `
  (let ((old (cdr (assq 'quickscrape package-alist))))
    (package-install-file (getenv "QUICKSCRAPE_PACKAGE"))
    (dolist (each old)
      (unless (equal (package-desc-dir each) (package-desc-dir (cadr (assq 'quickscrape package-alist))))
        (package-delete each t))))`;
const DELETE_PACKAGE = `(dolist (each (cdr (assq 'quickscrape package-alist))) (package-delete each t))`;
const SUMMARY = 'Scraping jobs, live, with QuickScrape Jobs';

const emacs: PluginInstaller = {
  async find(program) {
    const found = await findPackage(program);
    return found?.isOurs ? { version: found.version, path: found.path } : undefined;
  },
  async install(program) {
    const found = await findPackage(program);
    if (found?.isOurs === false) throw foreign(found.path, 'a package that this program did not install');
    await runEmacs(program, INSTALL_PACKAGE, {
      QUICKSCRAPE_PACKAGE: join(sourceOf('emacs'), 'quickscrape.el'),
    });
    return { version: VERSION, path: (await findPackage(program))?.path ?? null };
  },
  async uninstall(program) {
    await runEmacs(program, DELETE_PACKAGE);
  },
};

async function findPackage(program: string) {
  const [version = '', path = '', kind, summary] = (await runEmacs(program, FIND_PACKAGE)).split('\n');
  return version === '' ? undefined : { version, path, isOurs: kind === 'package' && summary === SUMMARY };
}

/** Neither the files of the user nor those of the site are loaded; the folder of packages is the user's. */
async function runEmacs(program: string, lisp: string, env: Record<string, string> = {}): Promise<string> {
  // An error is one line, first on stderr.
  const guarded = `(condition-case err (let ((inhibit-message t)) (require 'package) (package-initialize) ${lisp})
    (error (princ (concat (error-message-string err) "\\n") #'external-debugging-output) (kill-emacs 3)))`;
  return (await runEditor(program, ['--batch', '-Q', '--eval', guarded], env)).stdout;
}

export const PLUGIN_INSTALLERS: Readonly<Record<EditorName, PluginInstaller>> = { vscode, neovim, emacs };

function sourceOf(editor: 'neovim' | 'emacs'): string {
  const folder = bundledFile(`editors/${editor}`);
  if (existsSync(folder)) return folder;
  throw new QuickscrapeError('not_allowed', `there is no plugin at ${folder}`, {
    hint: 'Install QuickScrape Jobs again; in a clone, run: npm run build',
  });
}

function foreign(path: string, what: string): QuickscrapeError {
  return new QuickscrapeError('not_allowed', `${path} is ${what}, so nothing is changed`, {
    hint: 'Move it away, and install again.',
  });
}

async function wrapSystemError<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new QuickscrapeError('store_unavailable', `${path} cannot be written: ${error.message}`, {
      hint: 'Check the permissions of its folder, and the disk.',
      cause: error,
    });
  }
}
