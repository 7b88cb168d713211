import { diffLines, splitIntoLines } from './line-diff.ts';

export interface MergedText {
  text: string;
  /** Parts that both have changed in different ways; each stands in the text twice, between marks. */
  overlaps: number;
}

/** Begins, parts and ends what two have changed in different ways. */
export const OVERLAP_MARKS = { mine: '<<<<<<< yours', between: '=======', theirs: '>>>>>>> theirs' } as const;

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
