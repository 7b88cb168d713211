import { statSync } from 'node:fs';
import { type Alias, type Document, isMap, isNode, isScalar, type Pair, visit } from 'yaml';
import { type FileStamp, sameStamp } from '../fs/file-stamp.ts';
import type { HomePaths } from '../fs/paths.ts';
import { wrapUnavailable } from '../fs/system-errors.ts';
import { YamlMap } from '../fs/yaml-map.ts';
import { closestNames } from '../lib/closest-names.ts';
import { type Issue, QuickscrapeError } from '../lib/errors.ts';
import { isRecord } from '../lib/json.ts';
import { fieldsError } from '../model/input-errors.ts';
import {
  CHANNEL_TYPES,
  type Channel,
  type ChannelType,
  channelFields,
  channelRule,
  isChannelType,
} from './channel-rules.ts';

const MAX_FILE_BYTES = 1_048_576;
/** Names that an error lists. */
const MAX_LISTED = 12;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** The name of a field, or of a header (RFC 9110). */
const FIELD = /^[\w!#$%&'*+.^`|~-]{1,64}$/;
const FIX_HINT = 'Fix the file in an editor. Messages wait until it can be read.';

/** A channel of the file, or what is wrong with it. */
export type ChannelEntry =
  | { name: string; type: ChannelType; channel: Channel; problem?: undefined }
  | { name: string; type: ChannelType | null; channel?: undefined; problem: Issue };

/**
 * The channels of a home, in `channels.yaml`: a name and its fields. Only people write the file. A wrong channel does
 * not affect the others.
 */
export class Channels {
  readonly #file: string;
  #last: { stamp: FileStamp; entries: readonly ChannelEntry[] } | undefined;

  constructor(paths: Pick<HomePaths, 'channels'>) {
    this.#file = paths.channels;
  }

  /**
   * All channels, in the order of the file.
   * @throws QuickscrapeError `invalid_config` with file, line and column when the file as a whole cannot be read
   */
  list(): readonly ChannelEntry[] {
    const stamp = wrapUnavailable(`cannot read ${this.#file}`, () =>
      statSync(this.#file, { throwIfNoEntry: false }),
    );
    if (!stamp) return [];
    if (this.#last && sameStamp(this.#last.stamp, stamp)) return this.#last.entries;
    const entries = readChannels(this.#file);
    this.#last = { stamp, entries };
    return entries;
  }

  /**
   * A channel by its name.
   * @throws QuickscrapeError `invalid_params`, field `channel`, for an unknown name; `invalid_config` for a wrong
   *   channel
   */
  get(name: string): Channel {
    const entry = this.list().find((one) => one.name === name);
    if (entry === undefined) throw this.unknown(name, 'channel');
    if (entry.channel !== undefined) return entry.channel;
    const { problem } = entry;
    throw new QuickscrapeError(
      'invalid_config',
      `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`,
      { hint: problem.hint ?? FIX_HINT, issues: [problem] },
    );
  }

  /** The error for a channel that is not in the file. */
  unknown(name: string, field: string): QuickscrapeError {
    const names = this.list().map((entry) => entry.name);
    const close = closestNames(name, names);
    const near =
      close.length > 0 && names.length > MAX_LISTED ? `Did you mean ${close.join(' or ')}?` : undefined;
    const hint =
      names.length === 0
        ? `A person makes channels in ${this.#file}.`
        : (near ??
          `Channels: ${names.slice(0, MAX_LISTED).join(', ')}${names.length > MAX_LISTED ? ' …' : ''}`);
    return new QuickscrapeError('invalid_params', `${field}: there is no channel "${name}"`, { field, hint });
  }
}

function readChannels(path: string): ChannelEntry[] {
  const file = new YamlMap(path, {
    limit: MAX_FILE_BYTES,
    hint: FIX_HINT,
    shape: 'channels are names with fields, such as "me: { type: email, … }"',
  });
  const { contents } = file.document;
  return isMap(contents) ? contents.items.map((pair) => readChannel(path, file, pair as Pair)) : [];
}

function readChannel(path: string, file: YamlMap, pair: Pair): ChannelEntry {
  const name = String(isScalar(pair.key) ? pair.key.value : pair.key);
  const entry = { name: NAME.test(name) ? name : HIDDEN, path, file, pair };
  try {
    return readFields(entry);
  } catch {
    const message = `${entry.name}: an alias ("*") leads nowhere; put quotes around a text that begins with "*"`;
    return problemAt(entry, { place: aliasIn(pair.value, file.document), path: entry.name, message });
  }
}

interface RawEntry {
  name: string;
  path: string;
  file: YamlMap;
  pair: Pair;
}

/** @throws the parser's error for an alias that cannot be followed */
function readFields(entry: RawEntry): ChannelEntry {
  const { name, file } = entry;
  const { key, value } = entry.pair;
  if (name === HIDDEN) {
    const message = 'the name of a channel has letters, digits, "-" and "_" only, 64 at most';
    return problemAt(entry, { place: key, path: name, message });
  }
  const fields: unknown = isNode(value) ? value.toJS(file.document) : value;
  if (!isRecord(fields)) {
    const message = `${name}: must be an object with a type`;
    return problemAt(entry, { place: key, path: name, message });
  }
  const type = isChannelType(fields['type']) ? fields['type'] : null;
  const strange = findStrangeKey(value, type === null ? [] : channelFields(type));
  if (strange !== undefined) {
    const message = `${name}: a field is a name of letters, digits, "-" and "_", a colon, a space and its value`;
    return problemAt(entry, { type, place: strange, path: name, message });
  }
  const nodeAt = (field: string) => (field === '' ? undefined : findNode(value, field.split('.')));
  if (type === null) {
    const given = fields['type'];
    const wrong = isShown(entry, 'type') ? `${JSON.stringify(given)} is not a type` : 'not a type';
    const message = `${name}.type: ${given === undefined ? 'missing' : wrong}; it must be one of ${CHANNEL_TYPES.join(', ')}`;
    return problemAt(entry, { place: nodeAt('type'), path: `${name}.type`, message });
  }
  const parsed = channelRule(type).safeParse(fields);
  if (parsed.success) return { name, type, channel: parsed.data };
  const found = firstIssue(type, fields);
  const [field = ''] = found.path.split('.');
  const isOpen = fields[field] === undefined || isShown(entry, field);
  const quoted = !isOpen && PARSED_FIELDS.has(field) ? firstIssue(type, { ...fields, [field]: null }) : found;
  const message = `${name}.${isOpen ? quoted.message : quoted.message.split(', not ')[0]}`;
  const place = nodeAt(found.path);
  return problemAt(entry, { type, place, path: `${name}.${found.path}`, message, hint: quoted.hint });
}

function firstIssue(type: ChannelType, fields: Record<string, unknown>): Issue {
  const { error } = channelRule(type).safeParse(fields);
  const { issues } = fieldsError(error?.issues ?? [], fields, channelFields(type));
  return issues?.[0] ?? { path: '', message: 'wrong' };
}

interface Problem {
  type?: ChannelType | null;
  /** The node that is wrong; without one, the name of the channel. */
  place: unknown;
  path: string;
  message: string;
  hint?: string | undefined;
}

function problemAt(
  { name, path: source, file, pair }: RawEntry,
  { type = null, place, path, message, hint }: Problem,
): ChannelEntry {
  const at = file.placeOf(offsetOf(place) ?? offsetOf(pair.key) ?? 0);
  return { name, type, problem: { path, message, file: source, ...at, ...(hint !== undefined && { hint }) } };
}

/** Stands for a text that may be a secret. */
const HIDDEN = '…';

/**
 * The values that may stand in an error, by field. Anything else may be a secret: of a field with a wrong name, or of
 * the next line, which YAML adds to a value when the space after its colon is missing.
 */
const SHOWN: Readonly<Record<string, RegExp>> = {
  type: /^[a-z_-]{1,20}$/i,
  method: /^[a-z_-]{1,20}$/i,
  tls: /^[a-z_-]{1,20}$/i,
  digest: /^[a-z_-]{1,20}$/i,
  quiet_hours: /^[\d:.–-]{1,20}$/,
  timezone: /^[\w+/-]{1,40}$/,
  priority: /^[\d.-]{1,10}$/,
  max_per_hour: /^[\d.-]{1,10}$/,
  from: /^[\w.@+-]{1,40}$/,
  to: /^[\w.@+-]{1,40}$/,
};
/** Fields whose own errors quote the value. */
const PARSED_FIELDS: ReadonlySet<string> = new Set(['quiet_hours', 'timezone']);

/** Whether a value may stand in an error: a short word, on the line of its field. */
function isShown({ file, pair }: RawEntry, field: string): boolean {
  const node = findPair(pair.value, field);
  if (!isScalar(node?.key) || !isScalar(node.value)) return false;
  const lines = [node.key.range?.[0], node.value.range?.[0], node.value.range?.[1]];
  const isOneLine = new Set(lines.map((offset) => file.placeOf(offset ?? 0).line)).size === 1;
  return isOneLine && SHOWN[field]?.test(String(node.value.value)) === true;
}

/** A key that is none, such as `url:https://…` without a space. It may hold a secret. */
function findStrangeKey(value: unknown, known: readonly string[]): unknown {
  if (!isMap(value)) return undefined;
  for (const { key, value: inner } of value.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const hasNoValue = inner === null || (isScalar(inner) && inner.value === null);
    if (!FIELD.test(name) || (hasNoValue && !known.includes(name))) return key;
    const found = findStrangeKey(inner, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first alias without an anchor, else the first one. */
function aliasIn(value: unknown, document: Document): unknown {
  const aliases: Alias[] = [];
  if (isNode(value)) visit(value, { Alias: (_, alias) => void aliases.push(alias) });
  return aliases.find((alias) => alias.resolve(document) === undefined) ?? aliases[0];
}

/** The node of a field, or of the nearest part around it that exists. */
function findNode(value: unknown, path: readonly string[]): unknown {
  if (!isMap(value)) return value;
  const [first = '', ...rest] = path;
  const pair = findPair(value, first);
  if (pair === undefined) return undefined;
  return rest.length === 0 ? (pair.value ?? pair.key) : (findNode(pair.value, rest) ?? pair.value);
}

function findPair(value: unknown, field: string): Pair | undefined {
  if (!isMap(value)) return undefined;
  return value.items.find(({ key }) => isScalar(key) && String(key.value) === field);
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
