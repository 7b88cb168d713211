import { type Node, type ParseError, parseTree, printParseErrorCode, visit } from 'jsonc-parser';

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
  let found: number | undefined;
  try {
    // Without a tree, which takes far more memory than a large text.
    const onError: NonNullable<Parameters<typeof visit>[1]['onError']> = (code, offset) => {
      const isInString = STRING_ERRORS.has(printParseErrorCode(code));
      found ??= isInString ? offset + validStringLength(text, offset) : offset;
    };
    visit(text.replace(/^\uFEFF/, ' '), { onError }, { disallowComments: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return found === undefined ? undefined : locate(text, found);
}

/** Errors within a string, for which the parser returns the start of the string. */
export const STRING_ERRORS: ReadonlySet<string> = new Set([
  'UnexpectedEndOfString',
  'InvalidUnicode',
  'InvalidEscapeCharacter',
  'InvalidCharacter',
]);

export function validStringLength(text: string, start: number): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids control characters in strings
  const valid = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y;
  valid.lastIndex = start;
  return valid.exec(text)?.[0].length ?? 0;
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
