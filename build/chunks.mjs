// Which modules lie together in one file of dist/.
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each module imports at once, by its id. */
const imports = new Map();
export const withGraph = {
  name: 'with-graph',
  moduleParsed: ({ id, importedIds }) => void imports.set(id, importedIds),
};

/** A module with all that is loaded before it. */
function closureOf(file) {
  const found = new Set();
  const follow = (id) => {
    if (found.has(id)) return;
    found.add(id);
    for (const each of imports.get(id) ?? []) follow(each);
  };
  follow(file);
  return found;
}

let starts;
/** The file for a module that is loaded whenever a home is opened: its package's, or one of three of ours. */
const startOf = (id) => {
  starts ??= {
    home: closureOf(`${root}src/core/workspace.ts`),
    // Loaded by what opens no home, too.
    base: new Set([
      ...closureOf(`${root}src/cli/run-cli.ts`),
      ...closureOf(`${root}src/scrape/answer/main.ts`),
    ]),
  };
  if (!starts.home.has(id)) return null;
  const packaged = /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1];
  if (packaged !== undefined) return packaged;
  if (starts.base.has(id)) return 'base';
  // The doctor has to speak where the native library cannot be loaded.
  return closureOf(id).has('libsql') ? 'home' : 'files';
};

/**
 * A few files where a hundred small ones would be opened, one after the other. Each part is whole: what it imports is in
 * it, or in one above.
 */
export const chunks = {
  groups: [
    {
      debugName: 'packages',
      name: startOf,
      test: (id) => !['base', 'files', 'home', null].includes(startOf(id)),
      priority: 2,
    },
    { name: 'base', test: (id) => startOf(id) === 'base', priority: 1 },
    { name: 'files', test: (id) => startOf(id) === 'files', priority: 1 },
    { name: 'home', test: (id) => startOf(id) === 'home' },
  ],
};
