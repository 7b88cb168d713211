/** A line of two texts that are compared; numbers count from 0. */
type DiffLine =
  | { kind: 'same'; before: number; after: number; text: string }
  | { kind: 'removed'; before: number; text: string }
  | { kind: 'added'; after: number; text: string };

/** Beyond so many pairs of lines a changed part counts as replaced as a whole. */
const MAX_PAIRS = 4_000_000;

/** The lines of a text; a line break at its end begins no further line. */
export function splitIntoLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** What makes one text of another, with as few changed lines as possible; removed lines before added ones. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return [
    ...sameLines(before.slice(0, start), 0, 0),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end), start),
    ...sameLines(before.slice(before.length - end), before.length - end, after.length - end),
  ];
}

function sameLines(lines: readonly string[], before: number, after: number): DiffLine[] {
  return lines.map((text, at) => ({ kind: 'same', before: before + at, after: after + at, text }));
}

/** By the longest common subsequence of both. */
function diffMiddle(before: readonly string[], after: readonly string[], start: number): DiffLine[] {
  const width = after.length + 1;
  const isTooLarge = before.length * after.length > MAX_PAIRS;
  const common = new Uint16Array(isTooLarge ? 0 : (before.length + 1) * width);
  if (!isTooLarge)
    for (let row = before.length - 1; row >= 0; row -= 1)
      for (let column = after.length - 1; column >= 0; column -= 1)
        common[row * width + column] =
          before[row] === after[column]
            ? 1 + (common[(row + 1) * width + column + 1] ?? 0)
            : Math.max(common[(row + 1) * width + column] ?? 0, common[row * width + column + 1] ?? 0);
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const old = before[row];
    const text = after[column];
    if (!isTooLarge && old !== undefined && old === text) {
      lines.push({ kind: 'same', before: start + row, after: start + column, text });
      row += 1;
      column += 1;
    } else if (
      old !== undefined &&
      (text === undefined ||
        (common[(row + 1) * width + column] ?? 0) >= (common[row * width + column + 1] ?? 0))
    ) {
      lines.push({ kind: 'removed', before: start + row, text: old });
      row += 1;
    } else if (text !== undefined) {
      lines.push({ kind: 'added', after: start + column, text });
      column += 1;
    }
  }
  return lines;
}

interface MergedText {
  text: string;
  /** Parts that both have changed in different ways; each stands in the text twice, between marks. */
  overlaps: number;
}

/** Begins, parts and ends what two have changed in different ways. */
const OVERLAP_MARKS = { mine: '<<<<<<< yours', between: '=======', theirs: '>>>>>>> theirs' } as const;

/** A text with the changes that two have made to it: line by line, from the lines that both have left as they were. */
export function mergeTexts(base: string, mine: string, theirs: string): MergedText {
  const lines = { base: splitIntoLines(base), mine: splitIntoLines(mine), theirs: splitIntoLines(theirs) };
  const inMine = unchangedLines(lines.base, lines.mine);
  const inTheirs = unchangedLines(lines.base, lines.theirs);
  const merged: string[] = [];
  let overlaps = 0;
  let from = { base: 0, mine: 0, theirs: 0 };
  for (let at = 0; at <= lines.base.length; at += 1) {
    const isEnd = at === lines.base.length;
    const mineAt = isEnd ? lines.mine.length : inMine.get(at);
    const theirsAt = isEnd ? lines.theirs.length : inTheirs.get(at);
    if (mineAt === undefined || theirsAt === undefined) continue;
    const part = mergePart(
      lines.base.slice(from.base, at),
      lines.mine.slice(from.mine, mineAt),
      lines.theirs.slice(from.theirs, theirsAt),
    );
    merged.push(...part.lines);
    if (part.overlaps) overlaps += 1;
    const line = lines.base[at];
    if (line !== undefined) merged.push(line);
    from = { base: at + 1, mine: mineAt + 1, theirs: theirsAt + 1 };
  }
  return { text: merged.map((line) => `${line}\n`).join(''), overlaps };
}

/** Where the lines of the base are that stayed. */
function unchangedLines(base: readonly string[], now: readonly string[]): ReadonlyMap<number, number> {
  return new Map(
    diffLines(base, now).flatMap((line) =>
      line.kind === 'same' ? [[line.before, line.after] as const] : [],
    ),
  );
}

function mergePart(base: string[], mine: string[], theirs: string[]): { lines: string[]; overlaps: boolean } {
  if (sameAs(mine, theirs) || sameAs(theirs, base)) return { lines: mine, overlaps: false };
  if (sameAs(mine, base)) return { lines: theirs, overlaps: false };
  const { mine: begin, between, theirs: end } = OVERLAP_MARKS;
  return { lines: [begin, ...mine, between, ...theirs, end], overlaps: true };
}

function sameAs(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, at) => line === other[at]);
}
