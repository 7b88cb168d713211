import * as z from 'zod';
import { MAX_CONFIG_BYTES } from '../configs/config-values.ts';
import {
  hasMarks,
  type KeptSecret,
  keepSecrets,
  refuseMarks,
  restoreWrittenSecrets,
} from '../configs/written-secrets.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { tryParseJson } from '../lib/json.ts';
import { diffLines, splitIntoLines } from '../lib/line-diff.ts';
import { once } from '../lib/once.ts';
import { truncateMiddle } from '../lib/text.ts';
import { refineWith } from '../model/input-errors.ts';
import type { Workspace } from '../workspace.ts';

/** New values in the text of a configuration, by place; null removes. */
export type ConfigChanges = Readonly<Record<string, unknown>>;

const MAX_CHANGES = 50;
const MAX_DEPTH = 8;
const PATH = 'a key, such as selectors.price';
const VALUE = 'a text, a number, true, false, an object, or null to remove the key';

/** The changes of a configuration, as input: an object by key, or a list of names and values for strict programs. */
export const configChangesInput = once(() =>
  z
    .preprocess(
      changesByKey,
      z
        .record(z.string().min(1, { error: PATH }), changeValue(), { error: 'an object: values by key' })
        .superRefine(refineWith(assertChanges))
        .optional(),
    )
    .describe(
      'Instead of yaml: new values in the stored text, such as {"selectors.price": ".amount", "pagination.selector": ' +
        '"a.next"}; all else stays as it is. null removes a key',
    ),
);

const changeValue = () =>
  z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.unknown()), z.null()], {
    error: VALUE,
  });

const changeList = once(() =>
  z.array(z.strictObject({ name: z.string({ error: PATH }), value: changeValue() })),
);

/**
 * Converts `[{ name, value }]` to `{ name: value }`. Assistants whose tools do not support objects with arbitrary keys
 * send a list in which each value is a text; JSON of a number, an object and the like stands for what it says.
 */
function changesByKey(given: unknown, context: z.RefinementCtx): unknown {
  if (!Array.isArray(given)) return given;
  const { data, error } = changeList().safeParse(given);
  if (data !== undefined && new Set(data.map(({ name }) => name)).size < data.length)
    context.addIssue({ code: 'custom', message: 'a list in which each name is there once' });
  for (const issue of error?.issues ?? [])
    context.addIssue({ ...issue } as Parameters<typeof context.addIssue>[0]);
  for (const { name, value } of data ?? [])
    if (isOtherObject(value))
      context.addIssue({ code: 'custom', message: `JSON for ${name}: {"key": "value"}` });
  return data === undefined
    ? z.NEVER
    : Object.fromEntries(data.map(({ name, value }) => [name, fromText(value)]));
}

function fromText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^(?:-?\d+(?:\.\d+)?|true|false|null|\{.*\})$/s.test(value)) return value;
  const parsed: unknown = tryParseJson(value);
  return parsed === undefined ? value : parsed;
}

/** Whether a text seems to be an object in YAML. As it is, it would become a text. */
function isOtherObject(value: unknown): boolean {
  return (
    typeof value === 'string' && /^\{\s*[\w-]+:\s.*\}$/s.test(value) && tryParseJson(value) === undefined
  );
}

function assertChanges(changes: ConfigChanges): void {
  const { length } = Object.keys(changes);
  if (length === 0 || length > MAX_CHANGES)
    throw new QuickscrapeError(
      'invalid_params',
      `changes: has ${length} keys; 1 to ${MAX_CHANGES} are allowed`,
    );
  if (isTooDeep(changes, MAX_DEPTH))
    throw new QuickscrapeError('invalid_params', `changes: nested more than ${MAX_DEPTH} levels deep`);
  const text = JSON.stringify(changes);
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES)
    throw new QuickscrapeError('invalid_params', `changes: more than ${MAX_CONFIG_BYTES} bytes`);
  // JSON escapes both.
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f]..)/i.test(text))
    throw new QuickscrapeError('invalid_params', 'changes: a zero byte, or half a character, is in no YAML');
}

function isTooDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}

/** The text that a call is about: as given, or as stored with the changes to make in it. */
export interface GivenText {
  yaml: string;
  /** The input field that it comes from. */
  field: 'yaml' | 'changes' | 'config_name';
  changes?: ConfigChanges;
  /** Whether the stored text is changed. */
  isChanged?: boolean;
  /** The secrets of the stored text that it takes over; all others in it are the caller's own. */
  kept?: KeptSecret[];
}

/**
 * Resolves the input of an operation on a text: `yaml`, `changes` of a stored configuration, or the stored one.
 * @returns undefined if none is given
 * @throws QuickscrapeError `invalid_params` for a contradiction, or a mark of a secret (written-secrets.ts) in a wrong
 *   place; `config_not_found`
 */
export function resolveGivenText(
  { configs }: Pick<Workspace, 'configs'>,
  name: string | null,
  { yaml, changes }: { yaml?: string | undefined; changes?: ConfigChanges | undefined },
): GivenText | undefined {
  if (yaml !== undefined && changes !== undefined)
    throw new QuickscrapeError('invalid_params', 'changes: there is a yaml, too', {
      field: 'changes',
      hint: 'Give yaml, the whole text, or changes in the stored text of config_name.',
    });
  if (yaml !== undefined) {
    const stored = () => (name !== null && configs.has(name) ? configs.read(name).yaml : undefined);
    return { ...restoreWrittenSecrets(yaml, hasMarks(yaml) ? stored() : undefined), field: 'yaml' };
  }
  if (changes !== undefined) refuseMarks(changes);
  if (changes !== undefined && name === null)
    throw new QuickscrapeError('invalid_params', 'changes: of which configuration? config_name is missing', {
      field: 'config_name',
      hint: 'Give the name of the stored configuration that they change.',
    });
  if (name === null) return undefined;
  const stored = configs.read(name);
  if (changes === undefined) return { yaml: stored.yaml, field: 'config_name' };
  const kept = keepSecrets(stored.yaml, Object.keys(changes));
  return { yaml: stored.yaml, field: 'changes', changes, isChanged: true, kept };
}

const MAX_DIFF_LINES = 30;
const MAX_LINE_BYTES = 160;

/** The lines that differ, as `- price: .old` and `+ price: .new`. */
export function describeDifference(before: string, after: string): string[] {
  const lines = diffLines(splitIntoLines(before), splitIntoLines(after)).flatMap(({ kind, text }) =>
    kind === 'same' ? [] : `${kind === 'added' ? '+' : '-'} ${truncateMiddle(text.trim(), MAX_LINE_BYTES)}`,
  );
  const more = lines.length - MAX_DIFF_LINES;
  return more > 0 ? [...lines.slice(0, MAX_DIFF_LINES), `… ${more} more lines`] : lines;
}
