import { type ChannelEntry, Channels } from '../../channels/channels.ts';
import { permissionBits } from '../../fs/file-modes.ts';
import type { HomePaths } from '../../fs/paths.ts';
import type { ChannelsFacts } from './checks/check-channels.ts';

/** Reads `channels.yaml`; never throws. */
export function collectChannels(paths: HomePaths): Pick<ChannelsFacts, 'file' | 'entries'> {
  const path = paths.channels;
  const file = { path, mode: permissionBits(path), error: undefined };
  let entries: readonly ChannelEntry[] = [];
  try {
    entries = new Channels(paths).list();
  } catch (thrown) {
    return { file: { ...file, error: (thrown as Error).message }, entries };
  }
  return { file, entries };
}
