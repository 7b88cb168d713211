import { diffArrays } from 'diff';
import { diff3MergeRegions } from 'node-diff3';

/** A line of two compared texts; numbers count from 0. */
export type DiffLine =
  | { kind: 'same'; before: number; after: number; text: string }
  | { kind: 'removed'; before: number; text: string }
  | { kind: 'added'; after: number; text: string };

/** Texts that differ in more lines count as replaced as a whole: the time of the comparison grows with the square. */
const MAX_CHANGED_LINES = 600;

/** Splits a text into lines; a line break at its end begins no further line. */
export function splitIntoLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * Returns the differences between two texts, with as few changed lines as possible; removed lines before added ones.
 */
export function diffLines(before: string[], after: string[]): DiffLine[] {
  const parts = diffArrays(before, after, { maxEditLength: MAX_CHANGED_LINES }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  const lines: DiffLine[] = [];
  let [beforeAt, afterAt] = [0, 0];
  for (const { value, added, removed } of parts)
    for (const text of value)
      if (removed) lines.push({ kind: 'removed', before: beforeAt++, text });
      else if (added) lines.push({ kind: 'added', after: afterAt++, text });
      else lines.push({ kind: 'same', before: beforeAt++, after: afterAt++, text });
  return lines;
}

export interface MergedText {
  text: string;
  /** Parts that both sides changed differently; the text contains both versions of each, between marks. */
  overlaps: number;
}

/** The marks around and between the two versions of a part that both sides changed differently. */
const OVERLAP_MARKS = { mine: '<<<<<<< yours', between: '=======', theirs: '>>>>>>> theirs' };

/** With more pairs of equal lines, for instance thousands of blank lines, the merge would take seconds. */
const MAX_EQUAL_PAIRS = 300_000;

/** Merges two changed versions of a text line by line, with the line breaks of `mine`. */
export function mergeTexts(base: string, mine: string, theirs: string): MergedText {
  const texts = [mine, base, theirs].map(splitIntoLines);
  const shortest = Math.min(...texts.map(({ length }) => length));
  const start = countSame(shortest, (at) => texts.map((lines) => lines[at]));
  const end = countSame(shortest - start, (at) => texts.map((lines) => lines.at(-1 - at)));
  const [a = [], o = [], b = []] = texts.map((lines) => lines.slice(start, lines.length - end));
  const merged: string[][] = [];
  let overlaps = 0;
  for (const region of mergeRegions(a, o, b)) {
    if (region.stable) merged.push(region.bufferContent);
    else if (isSame(region.aContent, region.bContent)) merged.push(region.aContent);
    else {
      overlaps += 1;
      const { mine: begin, between, theirs: close } = OVERLAP_MARKS;
      merged.push([begin], region.aContent, [between], region.bContent, [close]);
    }
  }
  const [own = []] = texts;
  const lines = [own.slice(0, start), ...merged, own.slice(own.length - end)].flat();
  const lineBreak = mine.includes('\r\n') ? '\r\n' : '\n';
  return { text: lines.map((line) => `${line}${lineBreak}`).join(''), overlaps };
}

type Region =
  | { stable: true; bufferContent: string[] }
  | { stable: false; aContent: string[]; bContent: string[] };

function mergeRegions(a: string[], o: string[], b: string[]): Region[] {
  if (isSame(a, o)) return [{ stable: true, bufferContent: b }];
  if (isSame(b, o)) return [{ stable: true, bufferContent: a }];
  if (countEqualPairs(a, o) + countEqualPairs(b, o) > MAX_EQUAL_PAIRS)
    return [{ stable: false, aContent: a, bContent: b }];
  return diff3MergeRegions(a, o, b);
}

function countEqualPairs(one: readonly string[], other: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of one) counts.set(line, (counts.get(line) ?? 0) + 1);
  return other.reduce((pairs, line) => pairs + (counts.get(line) ?? 0), 0);
}

/** Counts the indexes from 0 on at which all texts are equal. */
function countSame(max: number, at: (index: number) => (string | undefined)[]): number {
  let count = 0;
  while (count < max && new Set(at(count)).size === 1) count += 1;
  return count;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, at) => line === other[at]);
}
