import { cp } from 'node:fs/promises';
import { join } from 'node:path';

/** The plugins that are plain files, by the names of their folders in editors/. */
const EDITORS = ['neovim', 'emacs'];

/** Copies the plugins into the build, from where `quickscrape editor install` takes them. */
export async function copyEditors(root, staging) {
  for (const editor of EDITORS)
    await copyEditor(join(root, 'editors', editor), join(staging, 'editors', editor));
}

/** `:helptags` writes the file tags into a plugin that is used in place, and Emacs files *.elc. */
async function copyEditor(from, to) {
  await cp(from, to, { recursive: true, filter: (path) => !/(?:[\\/]doc[\\/]tags|\.elc|~)$/.test(path) });
}
