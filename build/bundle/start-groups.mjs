import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A command loads these one after the other; the MCP server answers first, and opens its home then. */
const STARTS = ['src/cli/program.ts', 'src/core/workspace.ts', 'src/rpc/mcp/server.ts'];

/** Comes before the cache of compiled code, so what it imports lies apart and is small. */
const FIRST = 'src/cli/start.ts';

/** Loads the native library, and fails where that is missing. */
const NATIVE = 'src/core/database/native-sqlite.ts';

/**
 * The groups of `codeSplitting`: modules that the same starts load lie in one file. Left alone, rolldown makes a hundred
 * small files of them, and `job list` takes 20 ms more to open those.
 */
export function startGroups(root) {
  for (const start of [...STARTS, FIRST, NATIVE])
    if (!existsSync(join(root, start))) throw new Error(`${start} does not exist: correct start-groups.mjs`);
  const closures = new Map();
  const closureOf = (start, context) => {
    if (!closures.has(start)) {
      const found = new Set();
      const follow = (id) => {
        if (found.has(id)) return;
        found.add(id);
        for (const each of context.getModuleInfo(id)?.importedIds ?? []) follow(each);
      };
      follow(start);
      closures.set(start, found);
    }
    return closures.get(start);
  };
  const nameOf = (id, context) => {
    const [cli, home, mcp] = STARTS.map((start) => closureOf(join(root, start), context).has(id));
    // A module of the MCP server alone may be another one's, too, which must not load the server.
    if (!cli && !home) return null;
    // The doctor has to run where the native library cannot be loaded, so modules that need it have a file of their own.
    const isNative = home && closureOf(id, context).has(join(root, NATIVE));
    return (
      ['start', cli && 'cli', home && 'home', mcp && 'mcp'].filter(Boolean).join('-') +
      (isNative ? '.native' : '')
    );
  };
  // A group takes with it what its modules import: the modules of most starts come first.
  const groups = [3, 2, 1].map((count) => ({
    debugName: `loaded by ${count}`,
    priority: count,
    name: (id, context) => {
      const name = nameOf(id, context);
      return name?.split('-').length === count + 1 ? name : null;
    },
  }));
  const first = {
    debugName: 'loaded first',
    priority: 4,
    // Not FIRST itself, which waits for what imports these modules, too.
    name: (id, context) =>
      id !== join(root, FIRST) && closureOf(join(root, FIRST), context).has(id) ? 'start-first' : null,
  };
  return [first, ...groups];
}
