const KEY_LABELS: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  space: 'Space',
  backspace: 'Backspace',
  delete: 'Del',
  insert: 'Ins',
  home: 'Home',
  end: 'End',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  ctrl: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
};

/** Formats a key or a chord for people: `ctrl+s` as `Ctrl-S`, `shift+tab` as `Shift-Tab`, `g g` unchanged. */
export function formatKey(key: string): string {
  return key.split(' ').map(formatSingleKey).join(' ');
}

function formatSingleKey(key: string): string {
  if (key.length <= 1) return key;
  const parts = key.split('+');
  return parts
    .map((part, index) => KEY_LABELS[part] ?? (index > 0 || /^f\d/.test(part) ? part.toUpperCase() : part))
    .join('-');
}
