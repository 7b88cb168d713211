/** A change of a text: what stands from `start` to `end` becomes `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
  /** What is wrong there, for people; the reason of the change. */
  why: string;
}

interface Span {
  start: number;
  end: number;
}

export interface Member {
  key: string;
  keySpan: Span;
  node: Node;
}

/** A value of a JSON text, with its place. */
export type Node =
  | (Span & { kind: 'object'; members: Member[] })
  | (Span & { kind: 'array'; items: Node[] })
  | (Span & { kind: 'scalar'; value: string | number | boolean | null });

export interface JsonTree {
  root: Node;
  /** What makes the text JSON. */
  edits: Edit[];
}

/** Why a text cannot be understood without guessing, and where. */
export class AmbiguousJsonError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

const MAX_DEPTH = 100;
const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
  ['True', true],
  ['False', false],
  ['None', null],
]);

/**
 * Reads a text that is nearly JSON: with comments, commas too many, or missing between two lines, names without quotes,
 * single quotes, Python's words, raw tabs in strings. Each is a spelling of which only one thing can be meant. Nothing
 * is taken away but comments and commas.
 * @throws AmbiguousJsonError for everything else, such as a text that ends too early or a key that stands twice
 */
export function readJsonTree(text: string): JsonTree {
  return new Reader(text).read();
}

class Reader {
  readonly #text: string;
  readonly #edits: Edit[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonTree {
    if (this.#text.startsWith('\uFEFF')) {
      this.#edit(0, 1, '', 'a byte order mark, which many programs do not read');
      this.#at = 1;
    }
    this.#space();
    const root = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length)
      throw new AmbiguousJsonError(this.#at, 'text after the end of the object');
    return { root, edits: this.#edits };
  }

  #value(depth: number): Node {
    if (depth > MAX_DEPTH) throw new AmbiguousJsonError(this.#at, 'nested too deeply');
    const start = this.#at;
    const char = this.#text[start];
    if (char === '{') return this.#object(depth);
    if (char === '[') return this.#array(depth);
    if (char === '"' || char === "'") {
      const value = this.#string();
      return { kind: 'scalar', start, end: this.#at, value };
    }
    const word = this.#match(/[-+\w.]+/y);
    if (word !== undefined) {
      const span = { start, end: this.#at };
      if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word)) {
        return { kind: 'scalar', ...span, value: Number(word) };
      }
      const value = LITERALS.get(word);
      if (value !== undefined) {
        if (word !== String(value)) this.#edit(start, this.#at, String(value), `${word} is ${value} in JSON`);
        return { kind: 'scalar', ...span, value };
      }
    }
    const what = char === undefined ? 'the text ends too early' : 'a value is expected here';
    throw new AmbiguousJsonError(start, what);
  }

  #object(depth: number): Node {
    const start = this.#at;
    const members: Member[] = [];
    this.#list('}', () => {
      const keyStart = this.#at;
      const key = this.#key();
      const keySpan = { start: keyStart, end: this.#at };
      if (members.some((member) => member.key === key)) {
        throw new AmbiguousJsonError(keyStart, `"${key}" stands twice: keep one`);
      }
      this.#space();
      if (this.#match(/:/y) === undefined)
        throw new AmbiguousJsonError(this.#at, `a colon is expected after "${key}"`);
      this.#space();
      members.push({ key, keySpan, node: this.#value(depth + 1) });
    });
    return { kind: 'object', start, end: this.#at, members };
  }

  #array(depth: number): Node {
    const start = this.#at;
    const items: Node[] = [];
    this.#list(']', () => items.push(this.#value(depth + 1)));
    return { kind: 'array', start, end: this.#at, items };
  }

  /** What stands between two brackets: elements with commas between them. */
  #list(close: '}' | ']', element: () => void): void {
    this.#at += 1;
    for (let first = true; ; first = false) {
      const before = this.#at;
      this.#space();
      const commas: number[] = [];
      for (; this.#text[this.#at] === ','; this.#space()) {
        commas.push(this.#at);
        this.#at += 1;
      }
      const ends = this.#text[this.#at] === close;
      for (const comma of first || ends ? commas : commas.slice(1)) {
        this.#edit(comma, comma + 1, '', 'a comma too many');
      }
      if (ends) {
        this.#at += 1;
        return;
      }
      if (this.#at >= this.#text.length)
        throw new AmbiguousJsonError(this.#at, `the text ends before "${close}"`);
      if (!first && commas.length === 0) {
        // On one line a missing comma may be a missing quote.
        if (!this.#text.slice(before, this.#at).includes('\n')) {
          throw new AmbiguousJsonError(this.#at, `"," or "${close}" is expected here`);
        }
        this.#edit(before, before, ',', 'a missing comma');
      }
      element();
    }
  }

  #key(): string {
    const start = this.#at;
    const char = this.#text[start];
    if (char === '"' || char === "'") return this.#string();
    const name = this.#match(/[A-Za-z_$][\w$]*/y);
    if (name === undefined) throw new AmbiguousJsonError(start, 'the name of a field is expected here');
    this.#edit(start, this.#at, JSON.stringify(name), `${name} without quotes`);
    return name;
  }

  #string(): string {
    const start = this.#at;
    const quote = this.#text[start];
    const body =
      quote === '"'
        ? // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids these in strings; a tab is mended
          this.#match(/"(?:[^"\\\u0000-\u0008\u000a-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y)
        : // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
          this.#match(/'(?:[^'\\\u0000-\u0008\u000a-\u001f]|\\(?:['"\\/bfnrt]|u[0-9a-fA-F]{4}))*'/y);
    if (body === undefined)
      throw new AmbiguousJsonError(start, 'a string that does not end on its line, or a bad escape in it');
    const inside = body.slice(1, -1);
    const plain =
      quote === '"'
        ? inside
        : inside.replaceAll(/\\'|"|\\./g, (part) => (part === "\\'" ? "'" : part === '"' ? '\\"' : part));
    const json = `"${plain.replaceAll('\t', '\\t')}"`;
    if (json !== body) {
      this.#edit(start, this.#at, json, quote === '"' ? 'a tab within a string' : 'single quotes');
    }
    return JSON.parse(json) as string;
  }

  #space(): void {
    for (;;) {
      this.#match(/[ \t\r\n]+/y);
      const start = this.#at;
      if (this.#match(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\//y) === undefined) return;
      this.#edit(start, this.#at, '', 'a comment, which JSON does not have');
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const hit = pattern.exec(this.#text)?.[0];
    if (hit !== undefined) this.#at += hit.length;
    return hit;
  }

  #edit(start: number, end: number, text: string, why: string): void {
    this.#edits.push({ start, end, text, why });
  }
}

/** The value of a node, as JSON.parse would give it. */
export function toValue(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(toValue);
  return Object.fromEntries(node.members.map(({ key, node: value }) => [key, toValue(value)]));
}

/** The text with all edits made. Where one lies within another, the wider one counts. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: replacement } of sortEdits(edits)) {
    if (start < at) continue;
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}

function sortEdits(edits: readonly Edit[]): Edit[] {
  // What is put in between comes before what is replaced at the same place.
  const width = ({ start, end }: Edit) => (start === end ? Number.POSITIVE_INFINITY : end - start);
  return [...edits].sort((a, b) => a.start - b.start || width(b) - width(a) || 0);
}
