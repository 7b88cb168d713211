// What the bundle changes in Ink 6.8 and below it, for time and memory: what is drawn stays the same, but for wide characters
// under a dialog's edge. Each change says where it no longer fits, so that a newer Ink cannot lose it in silence.
import { fileURLToPath } from 'node:url';

const DEVTOOLS = '\0no-devtools';
/** Ink connects to React's devtools when it is debugged itself: a hundred kilobytes that nobody here reaches. */
const withoutDevtools = {
  name: 'ink-without-devtools',
  resolveId: (id, importer) =>
    id === './devtools.js' && importer?.includes('/ink/build/') ? DEVTOOLS : null,
  load: (id) => (id === DEVTOOLS ? 'export {};' : null),
};

const OURS = fileURLToPath(new URL('../src/tui/ui/text/fit.ts', import.meta.url));
/** Ink, and what it cuts and wraps with. */
const DRAWING = /node_modules[\\/](?:ink|cli-truncate|widest-line|wrap-ansi)[\\/](?!node_modules)/;
/** Ink measures as we do: at its start without a look at each emoji that there is. */
const withOurStringWidth = {
  name: 'ink-with-our-string-width',
  resolveId: (id, importer) => (id === 'string-width' && DRAWING.test(importer) ? OURS : null),
};

/** The layout is WebAssembly in a data: address; `fetch` would load Node's whole HTTP client before the first frame. */
const withoutFetch = changed('layout-without-fetch', /yoga-layout.*wasm-base64/, [
  ['"function"!=typeof fetch', '!0'],
]);

/**
 * Most lines of a frame are those of the frame before: they are taken apart once, not with each frame. A line that lies
 * within its box is not cut, and the blanks that a frame begins with are one object, as nothing changes a cell.
 */
const withKeptLines = changed('ink-with-kept-lines', /[\\/]ink[\\/]build[\\/]output\.js$/, [
  ['caches = new OutputCaches();', 'caches = keptCaches();'],
  [
    'return sliceAnsi(line, from, to);',
    'return from === 0 && to === width ? line : sliceAnsi(line, from, to);',
  ],
  [
    /row\.push\(\{\s*type: 'char',\s*value: ' ',\s*fullWidth: false,\s*styles: \[\],\s*\}\)/,
    'row.push(BLANK)',
  ],
  [
    'export default class Output',
    `const BLANK = Object.freeze({ type: 'char', value: ' ', fullWidth: false, styles: Object.freeze([]) });
const MAX_LINES = 500;
let kept = new OutputCaches();
function keptCaches() {
  if (kept.styledChars.size > MAX_LINES || kept.blockWidths.size > MAX_LINES) kept = new OutputCaches();
  return kept;
}
export default class Output`,
  ],
]);

/**
 * What covers one half of a wide character takes its place: a blank stands in the other half. Ink leaves the whole character
 * before a dialog, and a line that is a cell too long, or nothing after it, and the rest of the line a cell too far left.
 * Tests of the dashboard draw with this, too (test/ink-as-shipped.ts).
 */
export const withWholeCharacters = changed(
  'ink-with-whole-characters',
  /[\\/]ink[\\/]build[\\/]output\.js$/,
  [
    [
      'currentLine[offsetX] = character;',
      'blankBefore(currentLine, offsetX);\ncurrentLine[offsetX] = character;',
    ],
    ['offsetX += characterWidth;', 'offsetX += characterWidth;\nblankFrom(currentLine, offsetX);'],
    [
      'export default class Output',
      `const half = ({ styles }) => ({ type: 'char', value: ' ', fullWidth: false, styles });
/** Blanks the cells of a wide character before one of its cells that is going to be written. */
function blankBefore(line, cell) {
  if (line[cell]?.value !== '') return;
  let at = cell;
  do {
    at -= 1;
  } while (line[at]?.value === '');
  for (; at >= 0 && at < cell; at += 1) line[at] = half(line[at]);
}
/** Blanks what is left of a wide character whose beginning has been written over. */
function blankFrom(line, cell) {
  for (let at = cell; line[at]?.value === ''; at += 1) line[at] = half(line[at]);
}
export default class Output`,
    ],
  ],
);

/** Ink keeps the size of every text that it has ever drawn: each line of each log. Here of as many as are drawn now. */
const withFewMeasures = changed('ink-with-few-measures', /[\\/]ink[\\/]build[\\/]measure-text\.js$/, [
  ['cache.set(', 'if (cache.size >= 2000) cache.clear();\n    cache.set('],
]);

/** And what became of each that was too long for its place. */
const withFewCuts = changed('ink-with-few-cuts', /[\\/]ink[\\/]build[\\/]wrap-text\.js$/, [
  ['const cache = {};', 'const cache = new Map();'],
  ['cache[cacheKey];', 'cache.get(cacheKey);'],
  [
    'cache[cacheKey] = wrappedText;',
    'if (cache.size >= 500) cache.clear();\n    cache.set(cacheKey, wrappedText);',
  ],
]);

/** Replaces texts in the files of a package; each has to be there. */
function changed(name, file, replacements) {
  return {
    name,
    transform(code, id) {
      if (!file.test(id)) return null;
      let text = code;
      for (const [was, is] of replacements) {
        const next = text.replaceAll(was instanceof RegExp ? new RegExp(was, 'g') : was, () => is);
        if (next === text) throw new Error(`${id} no longer has ${was}: see ${name} in build/ink.mjs`);
        text = next;
      }
      return { code: text, map: null };
    },
  };
}

export const inkPlugins = [
  withoutDevtools,
  withOurStringWidth,
  withoutFetch,
  withKeptLines,
  withWholeCharacters,
  withFewMeasures,
  withFewCuts,
];
