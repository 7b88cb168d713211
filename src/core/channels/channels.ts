import { statSync } from 'node:fs';
import { isMap, isNode, isScalar, type Pair } from 'yaml';
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

function readChannel(path: string, file: YamlMap, { key, value }: Pair): ChannelEntry {
  const name = String(isScalar(key) ? key.value : key);
  const fields: unknown = isNode(value) ? value.toJS(file.document) : value;
  const type = isRecord(fields) && isChannelType(fields['type']) ? fields['type'] : null;
  const problemAt = (field: string, message: string, hint?: string): ChannelEntry => {
    const part = field === '' ? undefined : findNode(value, field.split('.'));
    const offset = offsetOf(part) ?? offsetOf(key) ?? 0;
    const issue = { path: field === '' ? name : `${name}.${field}`, message, file: path };
    return { name, type, problem: { ...issue, ...file.placeOf(offset), ...(hint && { hint }) } };
  };
  if (!NAME.test(name))
    return problemAt('', `"${name}" is no name of a channel: use letters, digits, "-" and "_", 64 at most`);
  if (!isRecord(fields)) return problemAt('', `${name}: must be an object with a type`);
  if (type === null) {
    const found =
      fields['type'] === undefined ? 'missing' : `${JSON.stringify(fields['type'])} is not a type`;
    return problemAt('type', `${name}.type: ${found}; it must be one of ${CHANNEL_TYPES.join(', ')}`);
  }
  const parsed = channelRule(type).safeParse(fields);
  if (parsed.success) return { name, type, channel: parsed.data };
  const [issue] = fieldsError(parsed.error.issues, withoutTexts(fields), channelFields(type)).issues ?? [];
  return problemAt(
    issue?.path ?? '',
    `${name}.${(issue?.message ?? 'wrong').replace(`, not "${HIDDEN}"`, '')}`,
    issue?.hint,
  );
}

const HIDDEN = '…';
/** Fields whose value may stand in an error. Any other text may be a secret, also in a field with a wrong name. */
const SHOWN_FIELDS: ReadonlySet<string> = new Set(
  'type method tls digest quiet_hours timezone priority max_per_hour from to'.split(' '),
);

function withoutTexts(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, SHOWN_FIELDS.has(name) ? value : hideTexts(value)]),
  );
}

function hideTexts(value: unknown): unknown {
  if (typeof value === 'string') return HIDDEN;
  if (Array.isArray(value)) return value.map(hideTexts);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hideTexts(inner)]));
}

/** The node of a field, or of the nearest part around it that exists. */
function findNode(value: unknown, path: readonly string[]): unknown {
  if (!isMap(value)) return value;
  const [first = '', ...rest] = path;
  const pair = value.items.find((item) => isScalar(item.key) && String(item.key.value) === first);
  if (pair === undefined) return undefined;
  return rest.length === 0 ? (pair.value ?? pair.key) : (findNode(pair.value, rest) ?? pair.value);
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
