/** Signs of states, beside which their words stand, and what draws lines, bars and frames. */
const DRAWING_CHARACTERS = /[✓✗⊘⊗●○↻↷∅‖◆◇◌▲▼▶◀⚠▌▐▏▎▍▋▊▉▁▂▃▄▅▆▇█▀░▒▓▚■□│─┌┐└┘├┤┬┴┼]+ ?/gu;

/** What a key is called, where it stands alone. */
const ARROWS: Readonly<Record<string, string>> = {
  ...{ '↑': 'Up', '↓': 'Down', '←': 'Left', '→': 'Right', '↑↓': 'Up and Down' },
};

/** A text of ours as a screen reader is to say it: nothing drawn, no columns. */
export function screenReaderText(text: string): string {
  const arrow = ARROWS[text.trim()];
  if (arrow !== undefined) return arrow;
  return text
    .replaceAll(DRAWING_CHARACTERS, '')
    .replaceAll(/^[·–] /g, '')
    .replaceAll(' · ', ', ')
    .replaceAll(' → ', ' to ')
    .replaceAll(/ {2,}/g, ' ');
}
