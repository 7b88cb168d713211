/**
 * The dashboard's drawing characters and their replacements for terminals that support only ASCII; each is one cell
 * wide.
 */
const ASCII_REPLACEMENTS: Readonly<Record<string, string>> = {
  // States.
  '✓': '+',
  '✗': 'x',
  '⊘': 'x',
  '⊗': '/',
  '●': '*',
  '○': 'o',
  '↻': '~',
  '↷': '>',
  '∅': '0',
  '‖': '=',
  // Signs.
  '▌': '>',
  '◆': '#',
  '◇': '*',
  '◌': '~',
  '▲': '^',
  '▼': 'v',
  '▶': '>',
  '◀': '<',
  '…': '~',
  '·': '.',
  '×': 'x',
  '⚠': '!',
  '↑': '^',
  '↓': 'v',
  '←': '<',
  '→': '>',
  '–': '-',
  '—': '-',
  '’': "'",
  '“': '"',
  '”': '"',
  '±': '+',
  '•': '*',
  // Lines.
  '│': '|',
  '─': '-',
  '┌': '+',
  '┐': '+',
  '└': '+',
  '┘': '+',
  '├': '+',
  '┤': '+',
  '┬': '+',
  '┴': '+',
  '┼': '+',
  // Bars.
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
  '░': '.',
  '▒': ':',
  '▓': '#',
  '▚': '%',
  '▏': '|',
  '▎': '|',
  '▍': '|',
  '▋': '#',
  '▊': '#',
  '▉': '#',
  '▐': '|',
  '▀': '"',
  '■': '#',
  '□': '.',
};

const DRAWING_CHARACTERS = new RegExp(`[${Object.keys(ASCII_REPLACEMENTS).join('')}]`, 'g');

/** Replaces the drawing characters of a text; letters of other scripts stay. */
export function asAscii(text: string): string {
  return text.replaceAll(DRAWING_CHARACTERS, (char) => ASCII_REPLACEMENTS[char] ?? char);
}

/** Signs of states, which stand beside their words, and characters for lines, bars and frames. */
const UNSPOKEN_CHARACTERS = /[✓✗⊘⊗●○↻↷∅‖◆◇◌▲▼▶◀⚠▌▐▏▎▍▋▊▉▁▂▃▄▅▆▇█▀░▒▓▚■□│─┌┐└┘├┤┬┴┼\u2800-\u28ff]+ ?/gu;

/** The names of keys that stand alone. */
const ARROWS: Readonly<Record<string, string>> = {
  '↑': 'Up',
  '↓': 'Down',
  '←': 'Left',
  '→': 'Right',
  '↑↓': 'Up and Down',
};

/** Prepares one of the dashboard's texts for a screen reader: no drawing characters, no columns. */
export function screenReaderText(text: string): string {
  const arrow = ARROWS[text.trim()];
  if (arrow !== undefined) return arrow;
  return text
    .replaceAll(UNSPOKEN_CHARACTERS, '')
    .replaceAll(/^[·–] /g, '')
    .replaceAll(' · ', ', ')
    .replaceAll(' → ', ' to ')
    .replaceAll(/ {2,}/g, ' ');
}
