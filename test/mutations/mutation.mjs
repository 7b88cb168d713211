/**
 * @typedef {object} Mutation
 * @property {string} name what the code does as long as it is not changed so
 * @property {{ symbol: string, find: string, replace: string }[]} edits `find` stands exactly once in the symbol
 * @property {{ file: string, title: string }} test
 * @property {boolean} [isBuilt] the test runs the built program, which therefore has to be built with the change
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

/**
 * The same for code that the test runs as a built program: a worker.
 * @param {Parameters<typeof mutation>} args
 * @returns {Mutation}
 */
export function builtMutation(...args) {
  return { ...mutation(...args), isBuilt: true };
}
