import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

const DECLARATION =
  /^(?:export )?(?:default )?(?:abstract )?(?:async )?(?:function\*?|class|const|let|enum) (\w+)/gm;

/**
 * Finds texts in the sources by the symbols that contain them: `Class.member`, a function, a constant. Code that moves
 * to another file is found there.
 */
export class SourceTree {
  #texts = new Map();
  #filesByName = new Map();

  /** @param {string} folder with the sources */
  constructor(folder) {
    for (const name of readdirSync(folder, { recursive: true })) {
      if (!/\.tsx?$/.test(name)) continue;
      const file = join(folder, name);
      const text = readFileSync(file, 'utf8');
      this.#texts.set(file, text);
      for (const [, symbol] of text.matchAll(DECLARATION)) {
        const files = this.#filesByName.get(symbol) ?? new Set();
        this.#filesByName.set(symbol, files.add(file));
      }
    }
  }

  /**
   * The files as they are after these edits, by path.
   * @param {{ symbol: string, find: string, replace: string }[]} edits
   */
  edited(edits) {
    const texts = new Map();
    const places = edits.map((edit) => ({ ...edit, ...this.#find(edit) }));
    // From the end, so that no edit moves the place of another.
    for (const { file, at, find, replace } of places.toSorted((one, other) => other.at - one.at)) {
      const text = texts.get(file) ?? this.#texts.get(file);
      texts.set(file, text.slice(0, at) + replace + text.slice(at + find.length));
    }
    return texts;
  }

  /** Where the text is. It must be in the declarations of that name exactly once. */
  #find({ symbol, find }) {
    const [name, member] = symbol.split('.');
    const places = [...(this.#filesByName.get(name) ?? [])].flatMap((file) => {
      const text = this.#texts.get(file);
      const nodes = declarations(parse(file, text), name);
      const inside = member === undefined ? nodes : nodes.flatMap((node) => members(node, member));
      return inside.flatMap(({ start, end }) =>
        positions(text.slice(start, end), find).map((at) => ({ file, at: start + at })),
      );
    });
    if (places.length !== 1) throw new Error(`${symbol} contains "${find}" ${places.length} times, not once`);
    return places[0];
  }
}

function parse(file, text) {
  return parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }, file);
}

function positions(text, find) {
  const found = [];
  for (let at = text.indexOf(find); at !== -1; at = text.indexOf(find, at + 1)) found.push(at);
  return found;
}

/** The declarations of a name at the top of a file. */
function declarations(program, name) {
  return program.body.flatMap((statement) => {
    const declaration = statement.declaration ?? statement;
    const named = declaration.declarations ?? [declaration];
    return named.filter(({ id }) => id?.name === name);
  });
}

/** The members of a class, or of the object that a constant holds. */
function members(declaration, name) {
  const own = declaration.body?.body ?? declaration.init?.properties ?? [];
  return own.filter(({ key }) => key && nameOf(key) === name);
}

function nameOf(key) {
  return key.type === 'PrivateIdentifier' ? `#${key.name}` : (key.name ?? key.value);
}
