/** Formats a size in bytes: `12 B`, `3.4 KB`, `1.2 MB`. @param digits behind the point */
export function formatBytes(bytes: number, digits = 1): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(digits)} ${units[power - 1]}`;
}
