/**
 * The text in at most `most` bytes of UTF-8 (100 or more): its beginning and its end, which mostly say what is wrong and what is
 * allowed, and between them how much was left out. A text that is short enough stays as it is.
 */
export function truncateMiddle(text: string, maxBytes: number): string {
  // Of so few characters none has to be counted.
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  const kept = maxBytes - MARK_BYTES;
  const end = startOfCharacter(bytes, Math.ceil((kept * 2) / 3));
  const begin = startOfCharacter(bytes, bytes.length - Math.floor(kept / 3) + 3);
  return `${bytes.toString('utf8', 0, end)}… (${begin - end} bytes left out) …${bytes.toString('utf8', begin)}`;
}

const MARK_BYTES = Buffer.byteLength('… (1000000000 bytes left out) …') + 3;

/** The place at or before `at` where a character begins. */
function startOfCharacter(bytes: Buffer, at: number): number {
  let start = at;
  while (start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
