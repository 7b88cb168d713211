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
