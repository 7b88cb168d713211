/** A regular expression for the titles that a test has as it runs: `%i` and `$name` of `it.each` stand for anything. */
export function titlePattern(title) {
  return title
    .split(/%[sdifjo]|\$\{[^}]*\}|\$\w+/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
}
