// Applies build/bundle/patches/*.patch to packages as they are bundled. Tests of the dashboard draw with them, too.
import { readdirSync, readFileSync } from 'node:fs';
import { applyPatch, parsePatch } from 'diff';

const folder = new URL('patches/', import.meta.url);
const all = readdirSync(folder).flatMap((name) =>
  parsePatch(readFileSync(new URL(name, folder), 'utf8')).map((patch) => ({
    name,
    patch,
    // a/node_modules/… as in git
    file: patch.oldFileName.slice(1),
  })),
);

export const patches = {
  name: 'patches',
  transform(code, id) {
    const path = id.replaceAll('\\', '/');
    // Another version of a package may lie within a package.
    const isNested = path.split('/node_modules/').length > 2;
    const fitting = isNested ? [] : all.filter(({ file }) => path.endsWith(file));
    if (fitting.length === 0) return null;
    const patched = fitting.reduce((text, { name, patch }) => {
      const next = applyPatch(text, patch);
      if (next === false)
        throw new Error(
          `build/bundle/patches/${name} does not fit ${id}: the package has changed; make a new patch`,
        );
      return next;
    }, code);
    return { code: patched, map: null };
  },
};
