import {
  CONFIG_TOO_LARGE_HINT,
  countEntries,
  MAX_CONFIG_BYTES,
  MAX_CONFIG_ENTRIES,
} from '../../core/configs/config-size.ts';
import type { Location } from './issue-location.ts';

const BYTES_PER_MB = 1_048_576;

/** The YAML parser recurses; a few thousand levels end the process in a way that cannot be caught. */
const MAX_DEPTH = 64;

/**
 * Looks at the text before the YAML parser does.
 * @returns what makes it unsafe to parse and where, or undefined.
 */
export function findSizeProblem(
  text: string,
): { message: string; place: Location; hint?: string } | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_CONFIG_BYTES) {
    return {
      message: `the file has ${(bytes / BYTES_PER_MB).toFixed(1)} MB, a configuration may have ${MAX_CONFIG_BYTES / BYTES_PER_MB} MB`,
      hint: CONFIG_TOO_LARGE_HINT,
      place: { line: 1, column: 1 },
    };
  }
  const entries = countEntries(text);
  if (entries > MAX_CONFIG_ENTRIES) {
    return {
      message: `the file has ${entries.toLocaleString('en-US')} lines and entries, a configuration may have ${MAX_CONFIG_ENTRIES.toLocaleString('en-US')}`,
      place: { line: 1, column: 1 },
      hint: CONFIG_TOO_LARGE_HINT,
    };
  }
  const place = findTooDeep(text);
  return place && { message: `nested more than ${MAX_DEPTH} levels deep`, place };
}

/** Over-counts rather than under-counts: brackets within quotes count too. */
function findTooDeep(text: string): Location | undefined {
  let flow = 0;
  const columns: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    for (const column of findBlockStarts(line)) {
      while ((columns.at(-1) ?? -1) >= column) columns.pop();
      if (columns.push(column) > MAX_DEPTH) return { line: index + 1, column: column + 1 };
    }
    for (let at = 0; at < line.length; at += 1) {
      const character = line[at];
      if (character === '[' || character === '{') flow += 1;
      else if ((character === ']' || character === '}') && flow > 0) flow -= 1;
      if (flow > MAX_DEPTH) return { line: index + 1, column: at + 1 };
    }
  }
  return undefined;
}

/** Columns at which a block may begin: each `- ? :` indicator that leads the line, and the first word after them. */
function findBlockStarts(line: string): number[] {
  const starts: number[] = [];
  const token = /[-?:](?=\s|$)|[&!*]\S*|\S/y;
  for (let at = line.search(/\S/); at >= 0 && at < line.length; at = skipBlank(line, token.lastIndex)) {
    token.lastIndex = at;
    const found = token.exec(line)?.[0] ?? '';
    if (found === '#') break;
    starts.push(at);
    if (!/^[-?:&!*]/.test(found) || token.lastIndex === 0) break;
  }
  return starts;
}

function skipBlank(line: string, from: number): number {
  let at = from;
  while (at < line.length && /\s/.test(line[at] ?? '')) at += 1;
  return at;
}
