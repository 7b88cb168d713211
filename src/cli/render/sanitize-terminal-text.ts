import { CONTROL_CHARACTERS, replaceControlCharacters } from '../../core/lib/control-characters.ts';

/**
 * Text that cannot steer a terminal: control characters become `�`, tabs and line breaks one space. For everything
 * that was scraped or written by a user.
 */
export function sanitizeText(text: string): string {
  return sanitizeLines(text).replaceAll(/[\t\n]/g, ' ');
}

/** The same, but tabs and line breaks stay. */
export function sanitizeLines(text: string): string {
  return replaceControlCharacters(text);
}

/**
 * JSON whose characters a terminal cannot take for commands: those that JSON leaves as they are get a `\u` escape.
 * The value is the same.
 */
export function safeJson(value: unknown, indent?: number): string {
  return escapeControlCharacters(JSON.stringify(value, null, indent) ?? 'null');
}

/** Whether a text holds a character that a terminal might act upon. */
export function hasControlCharacters(text: string): boolean {
  return text.search(CONTROL_CHARACTERS) >= 0;
}

/** Such characters as `\u` escapes, for text inside the double quotes of JSON or YAML. */
export function escapeControlCharacters(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, (char) =>
    char
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** How many cells a terminal gives a text: two for wide East Asian letters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) {
    if (/^\p{M}$/u.test(char)) continue;
    width += WIDE_CHARACTER.test(char) ? 2 : 1;
  }
  return width;
}

const WIDE_CHARACTER =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;

/** Cuts a text to at most `cells` terminal cells, with `…` where something is missing. */
export function truncateToWidth(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text;
  let truncated = '';
  let width = 0;
  for (const char of text) {
    const next = width + displayWidth(char);
    if (next > cells - 1) break;
    truncated += char;
    width = next;
  }
  return `${truncated}…`;
}
