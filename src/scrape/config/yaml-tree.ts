import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Finding, Path } from './issue-location.ts';

/** Offsets in the text of a key (for an entry of a list: of the entry) and of its value. */
interface Offsets {
  key: number;
  value: number;
}

/** A document as plain values, with the offset of each. */
export interface YamlTree {
  value: unknown;
  /** The offset of `path`, or of its nearest existing ancestor. */
  offsetOf(path: Path, part: 'key' | 'value'): number;
  findings: Finding[];
}

const MAX_DEPTH = 64;
/** Limit with every alias expanded. A file without aliases stays below it (core/configs/config-size.ts). */
const MAX_NODES = 150_000;

/**
 * Converts a parsed document into plain values. Unlike the parser's own conversion, it records positions, reports both
 * places of a duplicate key, and limits the expansion of aliases.
 * @param lineAt returns the line number of an offset
 */
export function readYamlTree(document: Document, lineAt: (offset: number) => number): YamlTree {
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
            message: `*${name} stands for an anchor &${name}, and there is none before it`,
            hint: 'A selector that starts with * needs quotes.',
          }
        : { path, message: `*${name} holds itself`, hint: 'Write the value out.' },
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
