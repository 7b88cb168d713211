/** @throws QuickscrapeError `conflict` for a file that is there: a command overwrites it only with --force */
export async function rejectExistingFile(file: string): Promise<void> {
  const { existsSync } = await import('node:fs');
  if (!existsSync(file)) return;
  const { QuickscrapeError } = await import('../../core/lib/errors.ts');
  throw new QuickscrapeError('conflict', `${file} exists already; it was left as it is`, {
    field: 'file',
    hint: 'Add --force to overwrite it, or name another file.',
  });
}
