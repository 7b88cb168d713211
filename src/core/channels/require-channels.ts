import { QuickscrapeError } from '../lib/errors.ts';
import type { Channels } from './channels.ts';

/**
 * Checks that channels exist, before a job is stored that names them.
 * @throws QuickscrapeError `invalid_params`, field `notify`, with the closest names
 */
export function requireChannels(channels: Channels, notify: readonly { channel: string }[] | null): void {
  if (notify === null || notify.length === 0) return;
  let names: Set<string>;
  try {
    names = new Set(channels.list().map(({ name }) => name));
  } catch (error) {
    // The file is wrong: a job may be changed all the same, and doctor reports the file.
    if (error instanceof QuickscrapeError) return;
    throw error;
  }
  const missing = notify.find(({ channel }) => !names.has(channel));
  if (missing !== undefined) throw channels.unknown(missing.channel, 'notify');
}
