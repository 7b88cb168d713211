import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import {
  CONFIG_TOO_LARGE_HINT,
  countEntries,
  MAX_CONFIG_BYTES,
  MAX_CONFIG_ENTRIES,
} from '../../core/configs/config-size.ts';
import type { Issue } from '../../core/lib/errors.ts';
import { type Finding, type Location, toIssue } from './issue-location.ts';
import { readYamlTree } from './yaml-tree.ts';

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
  const locate = (finding: Finding): Issue =>
    toIssue(
      file,
      locationAt(finding.offset ?? tree.offsetOf(finding.path, finding.part ?? 'value')),
      finding,
    );
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const QUOTE = 'Put the value in quotes: title: ".book > h3"';

const YAML_HINTS: Readonly<Record<string, { message?: string; hint: string }>> = {
  TAB_AS_INDENT: {
    message: 'a tab is used for indentation',
    hint: 'YAML takes spaces only: replace the tab by two spaces.',
  },
  MULTIPLE_DOCS: {
    message: 'a second document starts here (---)',
    hint: 'One file holds one configuration: move the rest to a file of its own.',
  },
  BAD_ALIAS: {
    message: 'a value that starts with * or & is an alias or anchor to YAML, and this is no right one',
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
