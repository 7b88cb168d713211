/** What we draw with, and what stands for it where a terminal has ASCII alone; each one cell wide. */
const ASCII_REPLACEMENTS: Readonly<Record<string, string>> = {
  // States.
  ...{ '✓': '+', '✗': 'x', '⊘': 'x', '⊗': '/', '●': '*', '○': 'o', '↻': '~', '↷': '>', '∅': '0', '‖': '=' },
  // Signs.
  ...{
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
  },
  ...{
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
  },
  // Lines.
  ...{
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
  },
  // Bars.
  ...{
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
  },
  ...{ '▏': '|', '▎': '|', '▍': '|', '▋': '#', '▊': '#', '▉': '#', '▐': '|', '▀': '"', '■': '#', '□': '.' },
};

const DRAWING_CHARACTERS = new RegExp(`[${Object.keys(ASCII_REPLACEMENTS).join('')}]`, 'g');

/** A text with the characters that we draw with replaced; letters of other scripts stay. */
export function asAscii(text: string): string {
  return text.replaceAll(DRAWING_CHARACTERS, (char) => ASCII_REPLACEMENTS[char] ?? char);
}

/** Signs of states, beside which their words stand, and what draws lines, bars and frames. */
const UNSPOKEN_CHARACTERS = /[✓✗⊘⊗●○↻↷∅‖◆◇◌▲▼▶◀⚠▌▐▏▎▍▋▊▉▁▂▃▄▅▆▇█▀░▒▓▚■□│─┌┐└┘├┤┬┴┼]+ ?/gu;

/** What a key is called, where it stands alone. */
const ARROWS: Readonly<Record<string, string>> = {
  ...{ '↑': 'Up', '↓': 'Down', '←': 'Left', '→': 'Right', '↑↓': 'Up and Down' },
};

/** A text of ours as a screen reader is to say it: nothing drawn, no columns. */
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
