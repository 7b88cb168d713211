import { type Node, type ParseError, parseTree } from 'jsonc-parser';

/** A position in a text; line and column count from 1. */
export interface Location {
  line: number;
  column: number;
}

/**
 * Returns where a text stops being valid JSON; `undefined` when it is valid. (Errors of `JSON.parse` in Node 20 do not
 * always contain the position.)
 */
export function findSyntaxError(text: string): Location | undefined {
  const errors: ParseError[] = [];
  parseJsonTree(text, errors);
  return errors[0] && locate(text, errors[0].offset);
}

/** Returns the position of a field (`expect.min_items`), or of the nearest enclosing field, in a JSON text. */
export function findField(text: string, path: string): Location | undefined {
  let node = parseJsonTree(text);
  let found: Node | undefined;
  for (const name of path.split('.')) {
    const child =
      node?.type === 'array'
        ? node.children?.[Number(name)]
        : // Of a field that stands twice, JSON.parse takes the last.
          node?.children?.findLast(({ children }) => children?.[0]?.value === name);
    if (child === undefined) break;
    found = child;
    node = child.type === 'property' ? child.children?.[1] : child;
  }
  return found && locate(text, found.offset);
}

/** Parses a JSON text to values with positions; `undefined` when it is nested too deeply. */
export function parseJsonTree(text: string, errors: ParseError[] = []): Node | undefined {
  try {
    return parseTree(text.replace(/^\uFEFF/, ' '), errors, { disallowComments: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function locate(text: string, offset: number): Location {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
