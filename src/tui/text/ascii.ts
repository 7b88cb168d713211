/** What we draw with, and what stands for it where a terminal has ASCII alone; each one cell wide. */
const STAND_INS: Readonly<Record<string, string>> = {
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

const DRAWN = new RegExp(`[${Object.keys(STAND_INS).join('')}]`, 'g');

/** A text with the characters that we draw with replaced; letters of other scripts stay. */
export function asAscii(text: string): string {
  return text.replaceAll(DRAWN, (char) => STAND_INS[char] ?? char);
}
