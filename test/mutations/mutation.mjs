/**
 * @typedef {object} Guard
 * @property {string} name
 * @property {{ file: string, find: string, replace: string }[]} edits `find` stands exactly once in the file
 * @property {{ file: string, title: string }} test
 */

/**
 * @param {string} name
 * @param {[string, string, string] | [string, string, string][]} edits file, text, what takes its place
 * @param {[string, string]} test file and title of the test that has to fail then
 * @returns {Guard}
 */
export function mutation(name, edits, [file, title]) {
  const all = typeof edits[0] === 'string' ? [edits] : edits;
  return {
    name,
    edits: all.map(([of, find, replace]) => ({ file: of, find, replace })),
    test: { file, title },
  };
}
