/** The address for messages and logs: without a password, and not longer than a line. */
export function shownUrl(url: string | URL): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  shown.hash = '';
  return shown.href.length > 300 ? `${shown.href.slice(0, 299)}…` : shown.href;
}

/** `1234567` → `1.2 MB`. */
export function shownBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What went wrong at an address, to be said behind it: the address is not named once more. */
export function problemAt(url: string, { message }: Error): string {
  if (!URL.canParse(url)) return message;
  const at = shownUrl(url);
  if (message.startsWith(`${at}: `)) return message.slice(at.length + 2);
  return message.endsWith(` ${at}`) ? `${message.slice(0, -at.length)}it` : message;
}
