/** A place in a text, both counting from 1. */
export interface Location {
  line: number;
  column: number;
}

/** Deeper than any job file goes; keeps the scanner's recursion within the stack. */
const MAX_DEPTH = 200;

class ScanError extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super('not JSON');
    this.offset = offset;
  }
}

/** Where a text stops being JSON; `undefined` when it is JSON. (`JSON.parse` of Node 20 does not always tell.) */
export function findSyntaxError(text: string): Location | undefined {
  try {
    scan(text, () => {});
    return undefined;
  } catch (error) {
    if (error instanceof ScanError) return locate(text, error.offset);
    throw error;
  }
}

/** Where the value of a field (`expect.min_items`), or the nearest field around it, stands in a JSON text. */
export function findField(text: string, path: string): Location | undefined {
  const found = new Map<string, number>();
  try {
    scan(text, (field, offset) => found.set(field, offset));
  } catch (error) {
    // Valid JSON, but nested beyond reason: what was found until there will do.
    if (!(error instanceof ScanError)) throw error;
  }
  for (let wanted = path; wanted !== ''; wanted = wanted.slice(0, Math.max(0, wanted.lastIndexOf('.')))) {
    const offset = found.get(wanted);
    if (offset !== undefined) return locate(text, offset);
  }
  return undefined;
}

function locate(text: string, offset: number): Location {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Walks a JSON text and reports each field's path and the offset of its key (of an element: of its value). */
function scan(text: string, onField: (path: string, offset: number) => void): void {
  let at = 0;

  const eat = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const hit = pattern.exec(text)?.[0];
    if (hit !== undefined) at += hit.length;
    return hit;
  };
  const space = () => eat(/[ \t\r\n]*/y);
  const need = (pattern: RegExp): string => {
    const hit = eat(pattern);
    if (hit === undefined) throw new ScanError(at);
    return hit;
  };
  const string = () => {
    // The offset of a bad character inside a string is what helps, so the good part is eaten first.
    const start = at;
    need(/"/y);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in strings
    eat(/(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y);
    need(/"/y);
    return text.slice(start, at);
  };

  const value = (path: string, depth: number): void => {
    if (depth > MAX_DEPTH) throw new ScanError(at);
    space();
    if (text[at] === '{') list(/\}/y, () => field(path, depth));
    else if (text[at] === '[') {
      let index = 0;
      list(/\]/y, () => {
        space();
        onField(join(path, String(index)), at);
        value(join(path, String(index)), depth + 1);
        index += 1;
      });
    } else if (text[at] === '"') string();
    else need(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y);
    space();
  };
  const field = (path: string, depth: number) => {
    space();
    const start = at;
    const name = join(path, String(JSON.parse(string())));
    onField(name, start);
    space();
    need(/:/y);
    value(name, depth + 1);
  };
  const list = (end: RegExp, element: () => void) => {
    at += 1;
    space();
    if (eat(end) !== undefined) return;
    do element();
    while (eat(/,/y) !== undefined);
    need(end);
  };

  if (text.startsWith('\uFEFF')) at = 1;
  value('', 0);
  if (at < text.length) throw new ScanError(at);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
