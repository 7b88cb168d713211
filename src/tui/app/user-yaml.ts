import { isMap, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml';

/** An entry of a user's file: its name, its value, and the beginning of a message about it. */
interface UserEntry {
  readonly name: string;
  readonly pair: Pair;
  readonly line: number | undefined;
}

interface UserEntries {
  readonly entries: readonly UserEntry[];
  readonly problems: readonly string[];
  /** The line of a node in the file. */
  lineOf(node: unknown): number | undefined;
}

/**
 * Parses a file of the user that is a YAML map.
 * @param format describes the map, for the message when the file holds something else
 */
export function parseUserMap(text: string, format: string): UserEntries {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const lineOf = (node: unknown) => {
    const range = (node as Node | null | undefined)?.range;
    return range === undefined || range === null ? undefined : lines.linePos(range[0]).line;
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    const problem = `line ${line}: ${error.message.replace(/ at line \d.*$/s, '')}`;
    return { entries: [], problems: [problem], lineOf };
  }
  const { contents } = document;
  if (contents === null) return { entries: [], problems: [], lineOf };
  if (!isMap(contents)) return { entries: [], problems: [`it must be a map such as ${format}`], lineOf };
  const entries = contents.items.map((pair): UserEntry => {
    const isNamed = isScalar(pair.key);
    return {
      name: isNamed ? String((pair.key as { value: unknown }).value) : '',
      pair,
      line: lineOf(pair.key),
    };
  });
  return { entries, problems: [], lineOf };
}

/** Begins a message with the line in the file that it is about. */
export function atLine(line: number | undefined, problem: string): string {
  return line === undefined ? problem : `line ${line}: ${problem}`;
}

/** The first problem, and how many others there are. */
export function describeProblems([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} (${others.length} more; all are listed when you quit)`;
}
