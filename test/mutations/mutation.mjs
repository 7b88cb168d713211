/**
 * @typedef {object} Mutation
 * @property {string} name what the code does as long as it is not changed so
 * @property {{ symbol: string, find: string, replace: string }[]} edits `find` stands exactly once in the symbol
 * @property {{ file: string, title: string }} test
 */

/**
 * @param {string} name
 * @param {[string, string, string] | [string, string, string][]} edits symbol, text, replacement (source-tree.mjs)
 * @param {[string, string]} test file and title of the test that has to fail then
 * @returns {Mutation}
 */
export function mutation(name, edits, [file, title]) {
  const all = typeof edits[0] === 'string' ? [edits] : edits;
  return {
    name,
    edits: all.map(([symbol, find, replace]) => ({ symbol, find, replace })),
    test: { file, title },
  };
}
