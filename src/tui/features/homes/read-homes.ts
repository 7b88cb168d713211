import { homedir, hostname } from 'node:os';
import { homesFilePath, type NamedHome, readHomesFile } from '../../../core/fs/homes-file.ts';
import { formatHomeName, LABEL_VARIABLE, type OpenableHome } from '../../home/openable-home.ts';
import { toFailure } from '../../kernel/call.ts';
import type { EffectOf } from '../../kernel/model.ts';
import type { EffectContext } from '../../runtime/effect-context.ts';
import type { HomesListing } from './model.ts';

/** Reads `homes.yaml`, and sends its homes after the one that the dashboard was opened with. */
export function readHomes(
  _: EffectOf<'read_homes'>,
  { send, startHome }: Pick<EffectContext, 'send' | 'startHome'>,
): void {
  const machine = process.env[LABEL_VARIABLE] ? { machine: hostname() } : {};
  send({ kind: 'homes_read', listing: { ...listHomes(startHome), ...machine } });
}

/** @param startHome the home that the dashboard was opened with: it is listed also without a name */
export function listHomes(startHome: OpenableHome, file = homesFilePath(process.env)): HomesListing {
  const shown = formatHomeName(file, homedir());
  try {
    const { homes, problems } = readHomesFile(file);
    const isNamed = homes.some(({ folder }) => folder !== undefined && folder === startHome.folder);
    return {
      file: shown,
      homes: [...(isNamed ? [] : [startHome]), ...homes.map(toOpenable)],
      problems: problems.map(({ problem }) => problem),
    };
  } catch (error) {
    return { file: shown, homes: [startHome], problems: [toFailure(error).message] };
  }
}

function toOpenable({ name, place, folder, ssh }: NamedHome): OpenableHome {
  return {
    label: `@${name}`,
    place,
    ...(folder !== undefined && { folder }),
    ...(ssh !== undefined && { ssh }),
  };
}
