import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from 'yaml';
import {
  CONFIG_TOO_LARGE_HINT,
  countEntries,
  MAX_CONFIG_BYTES,
  MAX_CONFIG_ENTRIES,
} from '../../core/configs/config-values.ts';
import type { Issue } from '../../core/lib/errors.ts';
import { isRecord } from '../../core/lib/json.ts';
import { type Finding, type Location, type Path, toIssue } from './issue-location.ts';

/** A configuration's text as plain values, or the issues that prevented parsing. */
interface YamlText {
  /** Undefined if there are issues. */
  value: Record<string, unknown> | undefined;
  issues: Issue[];
  warnings: Issue[];
  locate(finding: Finding): Issue;
}

const START: Location = { line: 1, column: 1 };

/** Parses YAML 1.2 within limits of size, depth and alias expansion; never throws. */
export function parseYamlText(text: string, file: string): YamlText {
  const failed = (finding: Finding, place: Location = START) => toRefusal([toIssue(file, place, finding)]);
  const problem = findSizeProblem(text);
  if (problem !== undefined)
    return failed({ path: [], message: problem.message, hint: problem.hint }, problem.place);

  const lines = new LineCounter();
  const locationAt = (offset: number): Location => {
    const { line, col } = lines.linePos(Math.max(0, offset));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'error',
    });
  } catch (error) {
    return failed({
      path: [],
      message: `cannot be read as YAML: ${error instanceof Error ? error.message : error}`,
    });
  }
  const told = (error: YAMLError) => toIssue(file, locationAt(error.pos[0]), toFinding(error));
  if (document.errors.length > 0) return toRefusal(document.errors.slice(0, 20).map(told));
  if (document.directives?.yaml.version === '1.1') {
    return failed({
      path: [],
      message: 'YAML 1.1 is not supported',
      hint: 'Remove the %YAML line: 1.2 is read.',
    });
  }
  if (document.contents === null) {
    return failed({
      path: [],
      message: 'the file is empty',
      hint: 'It needs at least "url:" and "selectors:".',
    });
  }
  const tree = readYamlTree(document, (offset) => locationAt(offset).line);
  const locateKey = (path: Path, part: 'key' | 'value') => locationAt(tree.offsetOf(path, part));
  const locate = ({ earlier, part = 'value', ...finding }: Finding): Issue => {
    const { path, offset } = finding;
    const place = offset === undefined ? locateKey(path, part) : locationAt(offset);
    if (earlier === undefined) return toIssue(file, place, finding);
    const message = `${finding.message} (line ${locateKey(earlier, 'key').line})`;
    return toIssue(file, place, { ...finding, message });
  };
  const warnings = document.warnings.map(told);
  if (tree.findings.length > 0) return { ...toRefusal(tree.findings.map(locate)), warnings };
  if (!isRecord(tree.value)) {
    return failed({
      path: [],
      message: `expected a map of keys, found ${Array.isArray(tree.value) ? 'a list' : 'a single value'}`,
      hint: 'Start with a line such as: url: "https://example.com"',
    });
  }
  return { value: tree.value, issues: [], warnings, locate };
}

function toRefusal(issues: Issue[]): YamlText {
  return { value: undefined, issues, warnings: [], locate: (finding) => toIssue('', START, finding) };
}

const QUOTE = 'Put the value in quotes: title: ".book > h3"';

const YAML_HINTS: Readonly<Record<string, { message?: string; hint: string }>> = {
  TAB_AS_INDENT: {
    message: 'a tab is used for indentation',
    hint: 'YAML takes spaces only: replace the tab with two spaces.',
  },
  MULTIPLE_DOCS: {
    message: 'a second document starts here (---)',
    hint: 'One file holds one configuration: move the rest to a file of its own.',
  },
  BAD_ALIAS: {
    message: 'a value that starts with * or & is an alias or anchor to YAML, and this one is not valid',
    hint: 'A selector that starts with * needs quotes: all: "*"',
  },
  BAD_SCALAR_START: { hint: QUOTE },
  UNEXPECTED_TOKEN: { hint: QUOTE },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a value cannot hold another "key: value"',
    hint: 'Put a value with ": " in it in quotes, or check the indentation of the next line.',
  },
  BAD_INDENT: { hint: 'Indent all keys of one map by the same number of spaces.' },
  MISSING_CHAR: { hint: 'Close the quote or bracket.' },
  TAG_RESOLVE_FAILED: {
    hint: 'Remove the tag (the word that starts with "!"); a selector that starts with "!" needs quotes.',
  },
};

function toFinding(error: YAMLError): Finding {
  const known = YAML_HINTS[error.code];
  const own = error.message.split('\n')[0] ?? error.message;
  return { path: [], message: (known?.message ?? own).slice(0, 200), hint: known?.hint };
}

const BYTES_PER_MB = 1_048_576;

/** The YAML parser is recursive. A few thousand levels end the process in a way that cannot be caught. */
const MAX_DEPTH = 64;

/**
 * Checks the text before the YAML parser runs.
 * @returns why and where it is unsafe to parse, or undefined
 */
function findSizeProblem(text: string): { message: string; place: Location; hint?: string } | undefined {
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

/** Counts too much rather than too little: brackets within quotes count, too. */
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

/** Returns the columns at which a block may begin: each leading `- ? :` indicator, and the first word after them. */
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

/** Offsets in the text of a key (for an entry of a list: of the entry) and of its value. */
interface Offsets {
  key: number;
  value: number;
}

/** A document as plain values, with the offset of each. */
interface YamlTree {
  value: unknown;
  /** The offset of `path`, or of its nearest existing ancestor. */
  offsetOf(path: Path, part: 'key' | 'value'): number;
  findings: Finding[];
}

/** Limit with every alias expanded. A file without aliases stays below it (core/configs/config-values.ts). */
const MAX_NODES = 150_000;

/**
 * Converts a parsed document into plain values. Unlike the parser's own conversion, it records positions, reports both
 * places of a duplicate key, and limits the expansion of aliases.
 * @param lineAt returns the line number of an offset
 */
function readYamlTree(document: Document, lineAt: (offset: number) => number): YamlTree {
  const reader = new TreeReader(lineAt);
  const value = reader.read(document.contents, []);
  return {
    value,
    findings: reader.findings,
    offsetOf: (path, part) => reader.offsetOf(path, part),
  };
}

class TreeReader {
  readonly findings: Finding[] = [];
  readonly #offsets = new Map<string, Offsets>();
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  readonly #lineAt: (offset: number) => number;
  #nodes = 0;

  constructor(lineAt: (offset: number) => number) {
    this.#lineAt = lineAt;
  }

  offsetOf(path: Path, part: 'key' | 'value'): number {
    const offsets = this.#offsets.get(toKey(path));
    if (offsets !== undefined) return offsets[part];
    return path.length === 0 ? 0 : this.offsetOf(path.slice(0, -1), 'key');
  }

  read(node: unknown, path: Path, keyOffset?: number): unknown {
    const value = offset(node) ?? keyOffset ?? 0;
    if (!this.#offsets.has(toKey(path))) this.#offsets.set(toKey(path), { key: keyOffset ?? value, value });
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES || path.length > MAX_DEPTH) {
      if (!this.findings.some(({ message }) => message.startsWith('aliases expand'))) {
        this.findings.push({
          path: path.slice(0, 3),
          message: 'aliases expand to too much',
          hint: 'Write the values out.',
        });
      }
      return null;
    }
    if (isAlias(node)) return this.#readAlias(node.source, path, value);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null;
    if (node.anchor) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return node.value;
    this.#open.add(node);
    const plain = isMap(node)
      ? this.#readMap(node.items, path)
      : node.items.map((item, index) => this.read(item, [...path, index]));
    this.#open.delete(node);
    return plain;
  }

  #readAlias(name: string, path: Path, at: number): unknown {
    const target = this.#anchors.get(name);
    if (target !== undefined && !this.#open.has(target)) return this.read(target, path, at);
    this.findings.push(
      target === undefined
        ? {
            path,
            message: `*${name} refers to an anchor &${name}, and there is none before it`,
            hint: 'A selector that starts with * needs quotes.',
          }
        : { path, message: `*${name} contains itself`, hint: 'Write the value itself.' },
    );
    return null;
  }

  #readMap(pairs: readonly Pair[], path: Path): Record<string, unknown> {
    const seen = new Map<string, number>();
    const entries: [string, unknown][] = [];
    for (const pair of pairs) {
      const name = isScalar(pair.key) ? String(pair.key.value) : undefined;
      const at = offset(pair.key) ?? 0;
      const own = [...path, name ?? '?'];
      if (name === undefined || name === '__proto__') {
        const message =
          name === undefined ? 'a key must be a plain name' : '__proto__ cannot be used as a name';
        this.findings.push({ path: own, offset: at, message });
        continue;
      }
      const first = seen.get(name);
      if (first !== undefined) {
        this.findings.push(this.#twice(name, own, at, first));
        continue;
      }
      seen.set(name, at);
      entries.push([name, this.read(pair.value, own, at)]);
    }
    return Object.fromEntries(entries);
  }

  #twice(name: string, path: Path, offset: number, first: number): Finding {
    const message = `the key "${name}" appears twice in this map, first in line ${this.#lineAt(first)}`;
    const hint =
      name === 'type'
        ? 'Blocks with several "type:" lines in a guide are alternatives: keep one type with its keys, remove the others.'
        : name === 'follow'
          ? 'A row has one page of its own. If the second is the page after it, put it into the first, beside its selectors; else remove one.'
          : 'Remove one of the two.';
    return { path, offset, message, hint };
  }
}

function offset(node: unknown): number | undefined {
  const range = isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;
  return range?.[0];
}

function toKey(path: Path): string {
  return JSON.stringify(path.map(String));
}
