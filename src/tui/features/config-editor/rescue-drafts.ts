import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Drafts } from './model.ts';

/**
 * Writes unsaved drafts to files that only the user can read, when the dashboard ends without asking. Returns a message
 * about them; `undefined` when there are no drafts. Synchronous, because the process is about to exit.
 */
export function rescueDrafts(drafts: Drafts): string | undefined {
  const names = Object.keys(drafts);
  if (names.length === 0) return undefined;
  try {
    const folder = mkdtempSync(join(tmpdir(), 'quickscrape-not-saved-'));
    for (const name of names)
      writeFileSync(join(folder, `${name}.yaml`), drafts[name]?.yaml ?? '', { mode: 0o600 });
    return `quickscrape: ${names.join(', ')} had changes that were not saved; they are kept in ${folder}`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `quickscrape: ${names.join(', ')} had changes that were not saved, and could not be kept: ${reason}`;
  }
}
