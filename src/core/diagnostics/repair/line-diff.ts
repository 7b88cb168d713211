/** Files of more lines are shown as a whole: they are no job files. */
const MAX_LINES = 3_000;

/** What differs between two texts, a line each: `-12 old line`, `+12 new line`. */
export function lineDiff(before: string, after: string): string[] {
  const [a, b] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const old = a.slice(head, a.length - tail);
  const young = b.slice(head, b.length - tail);
  const commonPairs =
    old.length > MAX_LINES || young.length > MAX_LINES ? [] : longestCommonSubsequence(old, young);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...commonPairs, [old.length, young.length] as const]) {
    for (; i < x; i += 1) lines.push(`-${head + i + 1} ${old[i]}`);
    for (; j < y; j += 1) lines.push(`+${head + j + 1} ${young[j]}`);
    [i, j] = [x + 1, y + 1];
  }
  return lines;
}

/** The longest common subsequence, as pairs of indexes. */
function longestCommonSubsequence(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = lengths[i];
    for (let j = b.length - 1; row && j >= 0; j -= 1) {
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
