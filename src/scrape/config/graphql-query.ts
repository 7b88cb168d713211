/** Comments, block strings and strings (GraphQL 2.1), from left to right. */
const NOT_CODE = /#[^\n\r]*|"""(?:\\"""|[\s\S])*?"""|"(?:[^"\\\n\r]|\\.)*"/g;

/**
 * Whether a text of GraphQL only asks. The word `mutation` counts wherever it stands outside of strings and comments:
 * services may read a text that is not well-formed in their own way.
 */
export function isReadingQuery(query: string): boolean {
  return !/\bmutation\b/i.test(query.replaceAll(NOT_CODE, ' '));
}
