import { type Dirent, readdirSync } from 'node:fs';
import { isAbsolute, join, normalize, parse, resolve, sep } from 'node:path';
import type { ConfigAccess } from '../../core/configs/config-access.ts';
import { formatHostAndPort, parseHostAndPort } from '../../core/configs/host-and-port.ts';
import { realPath } from '../../core/fs/symlinks.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { programCommand } from '../../core/lib/installation.ts';
import { isRecord } from '../../core/lib/json.ts';
import { checkOutputPath } from '../../core/model/output-path.ts';
import { JobSchedule } from '../../core/schedule/job-schedule.ts';
import { GUARDED_FIELDS, isPermittedHost, type Policy } from './policy.ts';

const PLACEHOLDER = /\{([^{}]*)\}/;
/**
 * The values of each placeholder. Other placeholders (names of jobs, runs and configurations) use {@link NAME_PATTERN}.
 */
const PLACEHOLDER_PATTERNS: Readonly<Record<string, string>> = {
  date: '\\d{4}-\\d\\d-\\d\\d',
  time: '\\d\\d-\\d\\d-\\d\\d',
  datetime: '\\d{4}-\\d\\d-\\d\\d_\\d\\d-\\d\\d-\\d\\d',
  timestamp: '\\d+',
};
const NAME_PATTERN = '[a-z0-9_-]+';

/**
 * Expands an output path with placeholders: the path itself, and every existing link or folder that a run of it could
 * lead to. So a link is found before a run follows it.
 * @param template absolute
 */
function expandOutputPaths(template: string): string[] {
  const { root } = parse(template);
  const segments = template.slice(root.length).split(sep);
  return segments.reduce(
    (paths, segment, index) => {
      const next = paths.map((path) => join(path, segment));
      if (!PLACEHOLDER.test(segment)) return next;
      const pattern = toPattern(segment);
      const isLast = index === segments.length - 1;
      return [
        ...next,
        ...paths.flatMap((path) =>
          readEntries(path)
            .filter((entry) => entry.isSymbolicLink() || (entry.isDirectory() && !isLast))
            .filter(({ name }) => pattern.test(name))
            .map(({ name }) => join(path, name)),
        ),
      ];
    },
    [root],
  );
}

function toPattern(segment: string): RegExp {
  // `split` by a pattern with a group returns the group's matches at the odd indexes.
  const parts = segment
    .split(PLACEHOLDER)
    .map((part, index) =>
      index % 2 === 0
        ? part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
        : (PLACEHOLDER_PATTERNS[part] ?? NAME_PATTERN),
    );
  // Some file systems are case-insensitive.
  return new RegExp(`^${parts.join('')}$`, 'i');
}

function readEntries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // The folder does not exist yet, or it is not readable.
    return [];
  }
}

/** The folders that clients' jobs may write to. */
interface OutputFolders {
  /** The home's `output/`. */
  home: string;
  /** `--output-dir`. */
  extra: string | undefined;
}

/** Also where their configurations may take addresses from. */
interface ConfigFolders extends OutputFolders {
  /** The home's `configs/`. */
  configs: string;
}

/**
 * The output path to store for a client's job. A relative path starts in `--output-dir`, if that is given.
 * @throws QuickscrapeError `not_allowed` for a path outside the folders, also through links; `invalid_params` for an
 *   unusable path
 */
function checkOutputAllowed(path: string, folders: OutputFolders, field: string): string {
  const roots = [folders.home, ...(folders.extra === undefined ? [] : [folders.extra])];
  // Checked first, because the error of `checkOutputPath` advises an absolute path, with which clients may not leave
  // the folders.
  if (!isAbsolute(path) && normalize(path).split(sep)[0] === '..') throw outsideError(path, roots, field);
  checkOutputPath(path, field);
  const placed = isAbsolute(path) || folders.extra === undefined ? path : join(folders.extra, path);
  const inside = roots.map((root) => realPath(root) + sep);
  const places = expandOutputPaths(resolve(folders.home, placed)).map(realPath);
  if (places.every((place) => inside.some((start) => place.startsWith(start)))) return placed;
  throw outsideError(path, roots, field);
}

function outsideError(path: string, roots: readonly string[], field: string): QuickscrapeError {
  return new QuickscrapeError('not_allowed', `${field}: "${path}" lies outside of ${roots.join(' and ')}`, {
    field,
    hint:
      'Give a relative path, such as "books.json", or leave it out. Only the person who starts this ' +
      'server can allow another folder: --output-dir DIR.',
  });
}

/**
 * Headers of the connection and of message framing (RFC 9110 7.2, 7.6; RFC 9112 6, 9). Servers and proxies on the way
 * act on them.
 */
const CONNECTION_HEADERS = [
  'host',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'via',
  'forwarded',
];

/** Headers by which proxies and frameworks override the host, path, sender or method. */
const OVERRIDE_HEADERS =
  /^(?:proxy-|x-forwarded|x-original-|x-rewrite-|x-envoy-|x-(?:http-)?method|x-(?:real-ip|host|client-ip|cluster-client-ip|proxyuser-ip|url-scheme)$|(?:true-client|cf-connecting)-ip$|front-end-https$|http2-settings$|base-url$)/;

/**
 * Whether a request header is refused in a client's configuration: it would change the target, the sender or the method
 * of the request.
 */
export function isRefusedHeader(name: string): boolean {
  // Servers that pass headers on as variables (RFC 3875 4.1.18) treat "_" as "-"; some do so with any punctuation.
  const normalized = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
  return CONNECTION_HEADERS.includes(normalized) || OVERRIDE_HEADERS.test(normalized);
}

/** The shortest time between two runs or attempts of a client's job, in seconds. */
const MIN_INTERVAL_S = 60;

/**
 * Checks a client's parameters against the policy.
 * @returns the parameters to use; a relative output path may now start in the output folder
 * @throws QuickscrapeError `not_allowed` with the field, and the flag with which a person could allow it
 */
export function reviewParams(params: unknown, policy: Policy, folders: OutputFolders): unknown {
  if (!isRecord(params)) return params;
  const reviewed = reviewFields(params, policy, folders, '');
  const { changes } = params;
  return isRecord(changes)
    ? { ...reviewed, changes: reviewFields(changes, policy, folders, 'changes.') }
    : reviewed;
}

/** Checks a client's configuration against the policy. @throws QuickscrapeError `not_allowed` */
export function reviewConfig(facts: ConfigAccess, policy: Policy, folders: ConfigFolders): void {
  // Variables come first: the check for private hosts would otherwise reveal a variable's value.
  if (facts.variables.length > 0) {
    const names = facts.variables.map((name) => `\${${name}}`).join(', ');
    throw new QuickscrapeError(
      'not_allowed',
      `yaml: ${names}: environment variables may hold secrets, and a configuration could send them anywhere`,
      {
        field: 'yaml',
        hint:
          'A stored configuration keeps those that it has (here by its config_name) while its addresses, sign-in, request and ' +
          'pagination.param_name stay as they are. Otherwise ask the person to save it with an editor, or write it without them.',
      },
    );
  }
  const [moved] = facts.movedSecrets ?? [];
  if (moved !== undefined) {
    throw new QuickscrapeError(
      'not_allowed',
      `yaml: ${moved.slice(0, 60)}: a value that is written in the stored configuration would be sent to other addresses`,
      {
        field: 'yaml',
        hint:
          'A stored configuration keeps it while its addresses, sign-in, request and pagination.param_name stay as they are. ' +
          'Otherwise leave it out, or ask the person to save the text with an editor.',
      },
    );
  }
  const refused = facts.privateHosts.filter((host) => !isPermittedHost(host, policy));
  if (refused.length > 0) {
    const never = refused.filter((place) => isNeverFetched(parseHostAndPort(place)?.host ?? ''));
    throw new QuickscrapeError(
      'not_allowed',
      `yaml: ${refused.join(', ')} ${refused.length === 1 ? 'lies' : 'lie'} in a private network`,
      {
        field: 'yaml',
        hint:
          never.length > 0
            ? `${never.join(', ')}: link-local and metadata addresses give out credentials of the machine, so no setting allows them.`
            : `${allowedPorts(refused, policy)}Only the person who starts this server can allow it: --allow-private-hosts ${refused.join(' ')}.`,
      },
    );
  }
  const header = facts.headers.find(({ name }) => isRefusedHeader(name));
  if (header !== undefined) {
    throw new QuickscrapeError(
      'not_allowed',
      `yaml: ${header.under === undefined ? '' : 'request.'}headers.${header.name.slice(0, 40)}: it could lead a request to another site than its address says, or to another method`,
      {
        field: 'yaml',
        hint: 'Leave it out, or ask the person to save it with an editor. Headers such as Accept-Language, Referer or Authorization are fine.',
      },
    );
  }
  const does = facts.request?.does ?? null;
  if (does !== null && !policy.allowRequests) {
    throw new QuickscrapeError(
      'not_allowed',
      `yaml: request: it ${does}; this server takes only GET and queries of GraphQL that read`,
      {
        field: 'yaml',
        hint:
          'A stored configuration keeps the request that it has (here by its config_name), and run_job runs it. Only the ' +
          'person who starts this server can allow others: --allow-requests; or saves it with an editor.',
      },
    );
  }
  if (facts.concurrency !== null && !policy.allowRequests) {
    throw new QuickscrapeError(
      'not_allowed',
      'yaml: concurrency: several requests at a time are for sites of the person’s own',
      {
        field: 'yaml',
        hint:
          'Leave it out: a run then sends one request after the other. A stored configuration keeps what it has (here by its config_name). ' +
          'Only the person who starts this server can allow it: --allow-requests; or saves it with an editor.',
      },
    );
  }
  if (facts.caFile !== null) {
    throw new QuickscrapeError(
      'not_allowed',
      'yaml: ca: only the person decides which authorities a configuration trusts',
      {
        field: 'yaml',
        hint: 'Leave it out, or ask the person to save it with an editor. A stored configuration keeps the ca that it has (here by its config_name).',
      },
    );
  }
  for (const file of facts.addressFiles) checkAddressFile(file, folders.configs);
  if (facts.outputPath !== null)
    checkOutputAllowed(facts.outputPath, { ...folders, extra: undefined }, 'yaml: output.path');
}

/** A file that a person has put beside the configurations is a list of addresses; others could hold anything. */
function checkAddressFile(file: string, configs: string): void {
  if (realPath(resolve(configs, file)).startsWith(realPath(configs) + sep)) return;
  throw new QuickscrapeError(
    'not_allowed',
    `yaml: urls_from: "${file.slice(0, 200)}" lies outside of ${configs}`,
    {
      field: 'yaml',
      hint:
        'Name a file that the person has put into this folder, such as urls_from: "ids.csv", or write the addresses under urls. ' +
        'A stored configuration keeps the file that it has (here by its config_name).',
    },
  );
}

/** Whether no setting lets a run reach a host (scrape/lib/address-policy.ts refuses all of these, by any name). */
function isNeverFetched(host: string): boolean {
  return /^(?:169\.254\.[\d.]+|100\.100\.100\.200|192\.0\.0\.192|fe[89ab][\da-f]:.*|fd00:ec2::254|fd20:ce::254|metadata\.google\.internal)$/.test(
    host,
  );
}

/** For the hint: a host without a port means all its ports, but the policy may allow only some of them. */
function allowedPorts(refused: readonly string[], { allowPrivateHosts }: Policy): string {
  const hosts = refused.map((place) => parseHostAndPort(place)?.host);
  const allowed = allowPrivateHosts.filter(({ host }) => hosts.includes(host)).map(formatHostAndPort);
  return allowed.length === 0
    ? ''
    : `This server allows ${allowed.join(', ')}: keep to that, also in allow_private_hosts. `;
}

function reviewFields(
  fields: Record<string, unknown>,
  policy: Policy,
  folders: OutputFolders,
  at: string,
): Record<string, unknown> {
  refuseCommands(fields, policy, at);
  refuseShortInterval(fields['schedule'], at);
  refuseShortRetryDelay(fields['retry_delay'], at);
  const { output_path: path } = fields;
  if (typeof path !== 'string') return fields;
  return { ...fields, output_path: checkOutputAllowed(path, folders, `${at}output_path`) };
}

function refuseCommands(fields: Record<string, unknown>, { allowCommands }: Policy, at: string): void {
  const named = GUARDED_FIELDS.find((field) => field in fields);
  if (allowCommands || named === undefined) return;
  throw new QuickscrapeError('not_allowed', `${at}${named}: this server sets no commands`, {
    field: at + named,
    hint:
      'Leave it out: a job that has a command keeps it. Only the person who starts this server can allow commands: ' +
      `--allow-commands; or sets it: ${programCommand()} job update.`,
  });
}

function refuseShortInterval(schedule: unknown, at: string): void {
  const gap = minGapMs(schedule);
  if (gap === undefined || gap >= MIN_INTERVAL_S * 1000) return;
  throw new QuickscrapeError(
    'not_allowed',
    `${at}schedule: it has occurrences ${gap / 1000} s apart; this server takes schedules of ${MIN_INTERVAL_S} s or more`,
    {
      field: `${at}schedule`,
      hint: 'Use a pattern of five fields, such as "* * * * *" for every minute, or a single second in the first of six.',
    },
  );
}

/** Without a minimum, a job that fails at once could make a hundred attempts within a minute. */
function refuseShortRetryDelay(delay: unknown, at: string): void {
  if (typeof delay !== 'number' || delay < 0 || delay >= MIN_INTERVAL_S) return;
  throw new QuickscrapeError(
    'not_allowed',
    `${at}retry_delay: ${delay} s; this server takes ${MIN_INTERVAL_S} s or more`,
    {
      field: `${at}retry_delay`,
      hint: `Leave it out for 300 s. Only the person can make it shorter: ${programCommand()} job update.`,
    },
  );
}

/** Milliseconds; `undefined` for an invalid schedule (the operation reports why) or fewer than two occurrences. */
function minGapMs(schedule: unknown): number | undefined {
  if (!isRecord(schedule)) return undefined;
  let times: number[];
  try {
    // The seconds are the same in each minute, so a gap below a minute appears among the first occurrences.
    times = JobSchedule.fromDict(schedule)
      .getNextRunTimes(4)
      .map((time) => time.getTime());
  } catch {
    return undefined;
  }
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return gaps.length === 0 ? undefined : Math.min(...gaps);
}
