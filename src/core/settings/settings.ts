import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isMap, isNode, isScalar, parse } from 'yaml';
import { StoreLock } from '../database/locks.ts';
import { writeFileDurably } from '../fs/atomic-file.ts';
import { SETTINGS_SCHEMA_LINE, writeHomeSchema } from '../fs/editor-schemas.ts';
import { type FileStamp, sameStamp } from '../fs/file-stamp.ts';
import type { HomePaths } from '../fs/paths.ts';
import { wrapUnavailable } from '../fs/system-errors.ts';
import { YamlMap } from '../fs/yaml-map.ts';
import { closestNames } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { fieldsError } from '../model/input-errors.ts';
import { SETTING_KEYS, SETTING_RULES, type SettingKey, type SettingValues } from './setting-rules.ts';

/** The largest settings file, in bytes. */
const MAX_SETTINGS_BYTES = 65_536;
const FIX_HINT = 'Fix the file in an editor, or delete it to restore the defaults.';

export interface SettingEntry {
  key: SettingKey;
  value: SettingValues[SettingKey];
  default: SettingValues[SettingKey];
  description: string;
  /** Whether the file sets it. */
  set: boolean;
}

/**
 * The settings of a home, in `settings.yaml`. Writing preserves comments and keys that this version does not support.
 * An invalid file is an `invalid_config` error with file, line and column, and is never written.
 */
export class Settings {
  readonly #home: string;
  readonly #file: string;
  readonly #lockFile: string;
  #read: { stamp: FileStamp; values: Map<string, unknown> } | undefined;

  constructor(paths: HomePaths) {
    this.#home = paths.home;
    this.#file = paths.settings;
    this.#lockFile = join(paths.locks, 'store.db');
  }

  /** @throws QuickscrapeError `invalid_params` for an unknown key, with the closest ones */
  get<K extends SettingKey>(key: K): SettingValues[K] {
    const rule = ruleOf(key);
    const values = this.#values();
    return (values.has(key) ? values.get(key) : rule.fallback()) as SettingValues[K];
  }

  /** As {@link get}; while the file cannot be read, as this process read it last, if it has. */
  getOrLast<K extends SettingKey>(key: K): SettingValues[K] | undefined {
    try {
      return this.get(key);
    } catch {
      if (this.#read === undefined) return undefined;
      const { values } = this.#read;
      return (values.has(key) ? values.get(key) : ruleOf(key).fallback()) as SettingValues[K];
    }
  }

  /** Every setting with its value, default and description. */
  all(): SettingEntry[] {
    const values = this.#values();
    return SETTING_KEYS.map((key) => ({
      key,
      value: this.get(key),
      default: SETTING_RULES[key].fallback(),
      description: SETTING_RULES[key].description,
      set: values.has(key),
    }));
  }

  /**
   * The value that {@link set} would store; the default for `undefined`. A text that represents a number, `true` or
   * `false` is converted if the setting requires it, `null` always.
   * @throws QuickscrapeError `invalid_params` naming key, value and what is allowed
   */
  parse(key: string, value: unknown): SettingValues[SettingKey] {
    const rule = ruleOf(key);
    if (value === undefined) return rule.fallback();
    const schema = rule.schema();
    const isText = typeof value === 'string' && value !== 'null' && schema.safeParse(value).success;
    const parseMeant = typeof value === 'string' && !isText ? parseScalar(value) : value;
    const checked = schema.safeParse(parseMeant);
    if (checked.success) return checked.data;
    const issues = checked.error.issues.map((issue) => ({ ...issue, path: [key, ...issue.path] }));
    throw fieldsError(issues, { [key]: value }, SETTING_KEYS);
  }

  /** Sets a value. @throws QuickscrapeError as {@link parse} */
  async set(key: string, value: unknown): Promise<void> {
    const checked = this.parse(key, value ?? null);
    await this.#edit((document) => document.set(key, checked));
  }

  /** Resets one setting, or every supported setting, to its default. */
  async reset(key?: string): Promise<void> {
    if (key !== undefined) ruleOf(key);
    await this.#edit((document) => {
      detachTopComment(document);
      for (const name of key === undefined ? SETTING_KEYS : [key]) document.delete(name);
    });
  }

  #values(): Map<string, unknown> {
    const stamp = wrapUnavailable(`cannot read ${this.#file}`, () =>
      statSync(this.#file, { throwIfNoEntry: false }),
    );
    if (!stamp) return new Map();
    if (this.#read && sameStamp(this.#read.stamp, stamp)) return this.#read.values;
    const file = this.#load();
    const { document } = file;
    const values = new Map<string, unknown>();
    for (const key of SETTING_KEYS) {
      if (!document.has(key)) continue;
      const value = SETTING_RULES[key].schema().safeParse(settingIn(document, key));
      if (!value.success) throw wrongValue(file, key);
      values.set(key, value.data);
    }
    this.#read = { stamp, values };
    return values;
  }

  async #edit(change: (document: Document) => void): Promise<void> {
    const lock = new StoreLock(this.#lockFile);
    try {
      await lock.withLock(async () => {
        const { document, isNew } = this.#load();
        // As a comment of a parsed text would stand in it.
        if (isNew) document.commentBefore = SETTINGS_SCHEMA_LINE.slice(1);
        // An empty file, or a file with only comments, has no map yet.
        if (document.contents === null) Object.assign(document, { contents: document.createNode({}) });
        // After a reset of everything the map is {}, in which settings would stand on one line.
        if (isMap(document.contents) && document.contents.items.length === 0) document.contents.flow = false;
        change(document);
        await writeFileDurably(this.#file, document.toString());
        await writeHomeSchema(this.#home, 'settings');
      });
    } finally {
      lock.close();
      this.#read = undefined;
    }
  }

  #load(): YamlMap {
    return new YamlMap(this.#file, {
      limit: MAX_SETTINGS_BYTES,
      hint: FIX_HINT,
      shape: 'settings are "key: value" lines',
    });
  }
}

function wrongValue(file: YamlMap, key: SettingKey): QuickscrapeError {
  const node = file.document.get(key, true);
  const found = SETTING_RULES[key].schema().safeParse(settingIn(file.document, key));
  const issues = (found.error?.issues ?? []).map((issue) => ({ ...issue, path: [key] }));
  const { message } = fieldsError(issues, { [key]: isScalar(node) ? node.value : node }, SETTING_KEYS);
  return file.errorAt(isScalar(node) ? (node.range?.[0] ?? 0) : 0, message);
}

function ruleOf(key: string) {
  if (Object.hasOwn(SETTING_RULES, key)) return SETTING_RULES[key as SettingKey];
  const close = closestNames(key, SETTING_KEYS);
  throw new QuickscrapeError('invalid_params', `there is no setting "${key}"`, {
    field: 'name',
    hint: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `Settings: ${SETTING_KEYS.join(', ')}`,
  });
}

/** The value of a key that the document has; the parser itself returns a `null` as undefined. */
function settingIn(document: Document, key: SettingKey): unknown {
  const node = document.get(key, true);
  return (isNode(node) ? node.toJS(document) : node) ?? null;
}

/**
 * Makes the comment at the top of the file one of the document: up to a blank line, or the line that names a schema. The
 * parser gives it to the first setting, with which it would be removed.
 */
function detachTopComment(document: Document): void {
  const first = isMap(document.contents) ? document.contents.items[0]?.key : undefined;
  if (!isScalar(first) || document.commentBefore || !first.commentBefore) return;
  const lines = first.commentBefore.split('\n');
  const blank = lines.indexOf('');
  const end = blank < 0 && lines[0]?.includes('$schema=') ? 1 : blank;
  if (end < 1) return;
  document.commentBefore = lines.slice(0, end).join('\n');
  first.commentBefore = lines.slice(blank < 0 ? end : end + 1).join('\n');
}

function parseScalar(text: string): unknown {
  try {
    const value: unknown = parse(text, { logLevel: 'error' });
    return typeof value === 'string' ? text : value;
  } catch {
    return text;
  }
}
