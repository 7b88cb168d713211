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

const CLI = `${root}src/cli/`;
/** A file of their own costs more than they do. */
const SMALL = new Set(['fastest-levenshtein', 'picocolors']);
let starts;
/** The file for a module that is loaded whenever a home is opened, or a command line read: its package's, or one of six of ours. */
const startOf = (id) => {
  starts ??= {
    home: new Set([
      ...closureOf(`${root}src/core/workspace.ts`),
      ...closureOf(`${root}src/core/operations/call-operation.ts`),
      // Asked for by whoever looks at jobs.
      ...closureOf(`${root}src/core/operations/list-jobs.ts`),
    ]),
    // Read before it is known whether a home is to be opened.
    line: new Set([
      ...closureOf(`${root}src/cli/run-cli.ts`),
      // Most commands print a table.
      ...closureOf(`${root}src/cli/render/table.ts`),
    ]),
    // Loaded by what opens no home, too.
    answer: closureOf(`${root}src/scrape/inspector/inspector-main.ts`),
    // The MCP server answers its first questions before it opens one.
    server: closureOf(`${root}src/rpc/mcp/serve-mcp.ts`),
    views: new Set([
      ...closureOf(`${root}src/cli/render/job-view.ts`),
      ...closureOf(`${root}src/cli/render/run-view.ts`),
    ]),
  };
  const { home, line, answer, server, views } = starts;
  if (!home.has(id) && !line.has(id)) return views.has(id) ? 'views' : null;
  const packaged = /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1];
  if (packaged !== undefined) return SMALL.has(packaged) ? 'base' : packaged;
  if (line.has(id) && id.startsWith(CLI)) return 'cli';
  if (line.has(id) || answer.has(id)) return 'base';
  if (server.has(id)) return 'server';
  // The doctor has to speak where the native library cannot be loaded.
  return closureOf(id).has('\0libsql') ? 'home' : 'files';
};

/** Each is whole: what it imports is in it, or in one before it. */
const OURS = ['base', 'cli', 'server', 'files', 'home', 'views'];
/** A few files where a hundred small ones would be opened, one after the other. */
export const chunks = {
  groups: [
    {
      debugName: 'packages',
      name: startOf,
      test: (id) => ![...OURS, null].includes(startOf(id)),
      priority: OURS.length,
    },
    // The lowest first, as a group takes with it what its modules import.
    ...OURS.map((name, at) => ({
      name,
      test: (id) => startOf(id) === name,
      priority: OURS.length - 1 - at,
    })),
  ],
};
