import { diffArrays } from 'diff';
import { diff3MergeRegions } from 'node-diff3';

/** A line of two compared texts; numbers count from 0. */
export type DiffLine =
  | { kind: 'same'; before: number; after: number; text: string }
  | { kind: 'removed'; before: number; text: string }
  | { kind: 'added'; after: number; text: string };

/** Texts that differ in more lines count as replaced as a whole: the time of the comparison grows with the square. */
const MAX_CHANGED_LINES = 2_000;

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
  const lineBreak = 2 * mine.split('\r\n').length > mine.split('\n').length + 1 ? '\r\n' : '\n';
  return { text: lines.map((line) => `${line}${lineBreak}`).join(''), overlaps };
}

type Region =
  | { stable: true; bufferContent: string[] }
  | { stable: false; aContent: string[]; bContent: string[] };

function mergeRegions(a: string[], o: string[], b: string[]): Region[] {
  if (isSame(a, o)) return [{ stable: true, bufferContent: b }];
  if (isSame(b, o)) return [{ stable: true, bufferContent: a }];
  // node-diff3 compares every pair of equal lines, which takes minutes with thousands of blank lines. So each line gets a
  // name of its own first: that of the base where the comparison finds it there.
  const lines = new Map<string, string>();
  const name = (id: string, text: string) => {
    lines.set(id, text);
    return id;
  };
  const namesOf = (side: string, changed: string[]) =>
    diffLines(o, changed).flatMap((line) => {
      if (line.kind === 'removed') return [];
      return [name(line.kind === 'same' ? `o${line.before}` : `${side}${line.after}`, line.text)];
    });
  const [mine, theirs] = [namesOf('a', a), namesOf('b', b)];
  const base = o.map((text, at) => name(`o${at}`, text));
  const textsOf = (names: readonly string[]) => names.map((id) => lines.get(id) ?? '');
  return diff3MergeRegions(mine, base, theirs).map((region) =>
    region.stable
      ? { stable: true, bufferContent: textsOf(region.bufferContent) }
      : { stable: false, aContent: textsOf(region.aContent), bContent: textsOf(region.bContent) },
  );
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
