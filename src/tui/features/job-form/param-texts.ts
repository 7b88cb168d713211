import { isRecord } from '../../../core/lib/json.ts';
import { formatParams, type ParamValues } from '../../../core/model/params.ts';
import type { FieldPath, FormPatch, FormTexts, ParamPath } from './model.ts';

/*
 * A form has all values of parameters in one text, `city=berlin, pages=3`. A row of one parameter shows its part of that
 * text and changes it, so whatever is unknown stays as it is.
 */

const PREFIX = 'params.';

export function isParamPath(path: FieldPath): path is ParamPath {
  return path.startsWith(PREFIX);
}

export function paramPath(name: string): ParamPath {
  return `${PREFIX}${name}`;
}

export function paramOf(path: ParamPath): string {
  return path.slice(PREFIX.length);
}

/** The text of a field. That of a parameter without a value is empty. */
export function textAt(texts: FormTexts, path: FieldPath): string {
  if (!isParamPath(path)) return texts[path];
  return textIn(givenParams(texts) ?? {}, paramOf(path)) ?? '';
}

/** The texts with a patch. An empty text takes a parameter's value away. */
export function withPatch(texts: FormTexts, patch: FormPatch): FormTexts {
  let next: FormTexts = texts;
  for (const [path, text = ''] of Object.entries(patch) as [FieldPath, string | undefined][])
    next = { ...next, ...(isParamPath(path) ? { params: withParam(next, path, text) } : { [path]: text }) };
  return next;
}

function withParam(texts: FormTexts, path: ParamPath, text: string): string {
  const { [paramOf(path)]: _, ...others } = givenParams(texts) ?? {};
  return formatParamTexts(text === '' ? others : { ...others, [paramOf(path)]: text });
}

/**
 * The text of all parameters after a change elsewhere: a value that was changed on one side only is that of this side.
 * A value that was changed on both sides, to different texts, is contested and stays as it is here.
 */
export function mergeParams(
  mine: FormTexts,
  before: FormTexts,
  theirs: FormTexts,
): { text: string; isContested: boolean } {
  const [own, old, other] = [givenParams(mine), givenParams(before), givenParams(theirs)];
  // A text that says something else cannot be taken apart.
  if (own === undefined || old === undefined || other === undefined) {
    const isOwn = mine.params !== before.params;
    return { text: isOwn ? mine.params : theirs.params, isContested: isOwn };
  }
  const names = Object.keys({ ...own, ...old, ...other });
  const isOwn = (name: string) => textIn(own, name) !== textIn(old, name);
  const isTheirs = (name: string) => textIn(other, name) !== textIn(old, name);
  const merged = names.flatMap((name) => {
    const value = textIn(isOwn(name) ? own : other, name);
    return value === undefined ? [] : [[name, value]];
  });
  const isContested = names.some(
    (name) => isOwn(name) && isTheirs(name) && textIn(own, name) !== textIn(other, name),
  );
  return { text: formatParamTexts(Object.fromEntries(merged)), isContested };
}

function textIn(texts: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}

/** The texts of the parameters that have a value, by name; `undefined` when the form's text says something else. */
export function givenParams({ params }: FormTexts): Readonly<Record<string, string>> | undefined {
  const parsed = params.trim() === '' ? {} : parseParamsText(params);
  if (!isRecord(parsed) || !Object.values(parsed).every(isParamValue)) return undefined;
  return toTexts(parsed as ParamValues);
}

function isParamValue(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** `city=berlin, pages=3`, in the order of the names, so that equal values have equal texts. */
export function formatParamValues(params: ParamValues | null): string {
  return formatParamTexts(toTexts(params ?? {}));
}

/** JSON is used when the plain text would not parse to the same values. */
function formatParamTexts(texts: Readonly<Record<string, string>>): string {
  const entries = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return '';
  const sorted = Object.fromEntries(entries);
  const plain = formatParams(sorted);
  const json = JSON.stringify(sorted);
  return JSON.stringify(parseParamsText(plain)) === json ? plain : json;
}

function toTexts(params: ParamValues): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}

/**
 * The values in the form, without those that are empty. One with the same text as before is the same value.
 * @returns an unparsable text as it is, so that the job's schema rejects it; `undefined` without values
 */
export function parseParamValues(texts: FormTexts, before: ParamValues | null | undefined): unknown {
  const given = givenParams(texts);
  if (given === undefined) return parseParamsText(texts.params);
  const values = Object.entries(given).flatMap(([name, text]) => {
    if (before && Object.hasOwn(before, name) && String(before[name]) === text) return [[name, before[name]]];
    return text.trim() === '' ? [] : [[name, text.trim()]];
  });
  return values.length === 0 ? undefined : Object.fromEntries(values);
}

function parseParamsText(text: string): unknown {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  const parts = text.split(',').map((part) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(part));
  if (parts.some((part) => part === null)) return text;
  return Object.fromEntries(parts.map((part) => [part?.[1] ?? '', part?.[2] ?? '']));
}
