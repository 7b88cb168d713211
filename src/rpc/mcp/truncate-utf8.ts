/** The text in at most so many bytes of UTF-8, of whole characters, with an ellipsis where it was cut. */
export function truncateUtf8(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes - Buffer.byteLength('…');
  while (end > 0 && isWithinCharacter(bytes[end])) end -= 1;
  return `${bytes.toString('utf8', 0, end)}…`;
}

function isWithinCharacter(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}
