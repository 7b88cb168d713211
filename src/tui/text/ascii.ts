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
