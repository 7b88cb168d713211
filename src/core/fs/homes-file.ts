import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isMap, isScalar, type Node, type Pair } from 'yaml';
import { closestNames, hintForName } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { type Environment, userFilePath } from './user-file-path.ts';
import { YamlMap } from './yaml-map.ts';

/** The form of a home's name in the file. */
export const HOME_NAME = /^[a-z0-9][a-z0-9_-]*$/;

/** A place of the file that is on another machine: `ssh://[USER@]HOST[:PORT][/FOLDER]`. */
export const SSH_PLACE =
  /^ssh:\/\/(?:(?<user>\w[\w.-]*)@)?(?<host>\w[\w.-]*|\[[\da-fA-F:]+\])(?::(?<port>\d{1,5}))?(?<path>\/.*)?$/;

/** The path of a program, which the shell on the other machine reads as it is. */
export const PROGRAM_PATH = /^[\w~/.][\w~/.@+-]*$/;

/** What a place may be, for messages and editors. */
export const PLACE_FORMAT = 'an absolute folder, one below ~/, or ssh://HOST/FOLDER';

/** A home on another machine, which ssh reaches. */
export interface SshHome {
  /** The host as ssh takes it: `user@host`, or a name of the user's ssh configuration. */
  host: string;
  port: number | undefined;
  /** The folder there: absolute, or below the folder that a login begins in. Without it, the default home there. */
  folder: string | undefined;
  /** The program there; default `quickscrape`. */
  program: string | undefined;
}

/** A home of `homes.yaml`: either a folder of this machine or one that ssh reaches. */
export interface NamedHome {
  name: string;
  /** The place as the file says it. */
  place: string;
  folder?: string;
  ssh?: SshHome;
}

/** A home of the file that is on another machine. */
export interface RemoteHome {
  name: `@${string}`;
  ssh: SshHome;
}

/** What `homes.yaml` says. */
export interface HomesFile {
  file: string;
  homes: readonly NamedHome[];
  /** The entries that cannot be used, each with its place in the file. */
  problems: readonly { name: string; problem: string }[];
}

const MAX_BYTES = 1024 * 1024;

/** The path of the file: `quickscrape/homes.yaml` in `$XDG_CONFIG_HOME`, by default `~/.config`. */
export function homesFilePath(env: Environment): string {
  return userFilePath('XDG_CONFIG_HOME', 'homes.yaml', env);
}

/**
 * Reads a file of names for homes; one that does not exist names none.
 * @throws QuickscrapeError `invalid_config` when it holds no map; `store_unavailable` when it cannot be read
 */
export function readHomesFile(file: string): HomesFile {
  const map = new YamlMap(file, {
    limit: MAX_BYTES,
    hint: `A line for each home: NAME: ${PLACE_FORMAT}.`,
    shape: 'it must be a map of names and places, such as "acme: ~/scrapes/acme"',
  });
  const { contents } = map.document;
  const homes: NamedHome[] = [];
  const problems: { name: string; problem: string }[] = [];
  for (const pair of isMap(contents) ? contents.items : []) {
    const name = isScalar(pair.key) ? String(pair.key.value) : '';
    const read = readHome(name, pair);
    if (!('problem' in read)) homes.push(read);
    else {
      const [at = 0] = (read.node as Node | null)?.range ?? (pair.key as Node).range ?? [];
      problems.push({ name, problem: `${file}:${map.placeOf(at).line}: ${read.problem}` });
    }
  }
  return { file, homes, problems };
}

/** A problem and the node that it is about. */
interface Refused {
  problem: string;
  node: unknown;
}

function readHome(name: string, { key, value }: Pair): NamedHome | Refused {
  if (!HOME_NAME.test(name))
    return { problem: `"${name}" is no name: use small letters, digits, - and _`, node: key };
  if (!isMap(value)) return readPlace(name, toText(value), undefined, value ?? key);
  let [place, program]: (string | undefined)[] = [];
  for (const item of value.items) {
    const field = toText(item.key) ?? '';
    if (field === 'at') place = toText(item.value);
    else if (field !== 'program')
      return {
        problem: `${name}: there is no key "${field}"; ${hintForName(field, FIELDS)}`,
        node: item.key,
      };
    else {
      program = toText(item.value);
      if (program === undefined || !PROGRAM_PATH.test(program))
        return {
          problem: `${name}: program: must be the path of quickscrape on the other machine, without blanks`,
          node: item.value ?? item.key,
        };
    }
  }
  if (!value.has('at')) return { problem: `${name}: at must be there: ${PLACE_FORMAT}`, node: value };
  const read = readPlace(name, place, program, value.get('at', true));
  if ('folder' in read && program !== undefined)
    return { problem: `${name}: program is only for ssh://HOST/FOLDER`, node: value };
  return read;
}

const FIELDS = ['at', 'program'];

function toText(node: unknown): string | undefined {
  return isScalar(node) && typeof node.value === 'string' && node.value.trim() !== ''
    ? node.value.trim()
    : undefined;
}

function readPlace(
  name: string,
  place: string | undefined,
  program: string | undefined,
  node: unknown,
): NamedHome | Refused {
  if (place === undefined) return { problem: `${name}: must be ${PLACE_FORMAT}`, node };
  if (place.startsWith('ssh:')) {
    const ssh = readSshPlace(place, program);
    return typeof ssh === 'string' ? { problem: `${name}: ${ssh}`, node } : { name, place, ssh };
  }
  if (place === '~') return { name, place, folder: homedir() };
  if (place.startsWith('~/')) return { name, place, folder: join(homedir(), place.slice(2)) };
  if (isAbsolute(place)) return { name, place, folder: place };
  return { problem: `${name}: "${place}" must be ${PLACE_FORMAT}`, node };
}

/** Reads an address of ssh. @returns a text for one that cannot be used */
function readSshPlace(place: string, program: string | undefined): SshHome | string {
  const { user, host, port, path = '' } = SSH_PLACE.exec(place)?.groups ?? {};
  if (host === undefined)
    return `"${place}" is no address: ssh://[USER@]HOST[:PORT]/FOLDER, without a password`;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    return `"${place}" has a port that does not exist: 1 to 65535`;
  const folder = decodePath(path);
  if (folder === undefined) return `"${place}" has a % that is no code of a character: write %25`;
  return {
    host: `${user === undefined ? '' : `${user}@`}${host.replace(/^\[|\]$/g, '')}`,
    port: port === undefined ? undefined : Number(port),
    // As in addresses of git, /~/ is the folder that a login begins in.
    folder: /^\/?$/.test(folder) ? undefined : folder.replace(/^\/~(?:\/|$)/, './'),
    program,
  };
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/**
 * Returns the home of a name, such as `@acme`.
 * @throws QuickscrapeError `home_not_found` for an unknown name, with the known ones; `invalid_config` when its entry or
 *   the file cannot be used
 */
export function findNamedHome(text: `@${string}`, env: Environment): NamedHome {
  const name = text.slice(1);
  const { file, homes, problems } = readHomesFile(homesFilePath(env));
  const home = homes.find((each) => each.name === name);
  if (home !== undefined) return home;
  const refused = problems.find((each) => each.name === name);
  if (refused !== undefined) throw new QuickscrapeError('invalid_config', refused.problem, { field: 'home' });
  const names = homes.map((each) => `@${each.name}`);
  const close = closestNames(text, names);
  const known = names.length === 0 ? 'It names no home yet.' : `It has ${names.join(', ')}.`;
  throw new QuickscrapeError('home_not_found', `there is no home ${text} in ${file}`, {
    field: 'home',
    hint:
      close.length > 0
        ? `Did you mean ${close.join(' or ')}?`
        : `${known} To name one, add a line to this file: ${HOME_NAME.test(name) ? name : 'NAME'}: ${PLACE_FORMAT}.`,
  });
}
