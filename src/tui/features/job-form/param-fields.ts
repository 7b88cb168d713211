import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { capitalized } from '../../../core/lib/text.ts';
import {
  describeValues,
  type ParamDeclaration,
  type ParamDeclarations,
  type ParamValue,
} from '../../../core/model/params.ts';
import { type FieldChoice, type FieldKind, FORM_FIELDS, type FormField, YES_NO } from './fields.ts';
import type { FieldPath, Form, ParamPath } from './model.ts';
import { givenParams, isParamPath, paramOf, paramPath } from './param-texts.ts';

const BY_PATH: ReadonlyMap<FieldPath, FormField> = new Map(FORM_FIELDS.map((one) => [one.path, one]));

/** The field of a row: one of every form, or a parameter of the form's configuration. */
export function fieldAt(form: Form, path: FieldPath): FormField {
  if (isParamPath(path)) return paramField(form, path);
  const found = BY_PATH.get(path);
  if (found === undefined) throw new TypeError(`no field ${path}`);
  return found;
}

/** What the form's configuration declares; `undefined` when there is none, and when it cannot be read. */
export function declaredParams({ declared, texts }: Form): ParamDeclarations | undefined {
  const name = texts.config_name.trim();
  return Object.hasOwn(declared, name) ? declared[name] : undefined;
}

/**
 * The rows for the parameters: one for each that the configuration declares, and for each value that it does not declare.
 * A configuration that cannot be read has one row for all values.
 */
export function paramPaths(form: Form): readonly FieldPath[] {
  const { configs = [], stored, texts } = form;
  const declared = declaredParams(form);
  const given = givenParams(texts);
  if (declared !== undefined && given !== undefined) {
    // A stored value that was emptied here keeps its row, so that it can be reset.
    const others = Object.keys({ ...givenParams(stored), ...given }).filter(
      (name) => !Object.hasOwn(declared, name),
    );
    return [...Object.keys(declared), ...others].map(paramPath);
  }
  const isUnreadable = configs.includes(texts.config_name.trim());
  return isUnreadable || texts.params !== '' || stored.params !== '' ? ['params'] : [];
}

const UNDECLARED_HELP = 'The configuration does not declare it. Empty the row to remove the value.';

/** The field of a parameter. Its placeholder is what counts when the job gives no value. */
function paramField(form: Form, path: ParamPath): FormField {
  const declared = declaredParams(form) ?? {};
  const name = paramOf(path);
  const declaration = Object.hasOwn(declared, name) ? declared[name] : undefined;
  const field = { path, group: 'Parameters' } as const;
  // `--param city=` gives an empty text, which is a value.
  const isEmptyText = Object.entries(givenParams(form.texts) ?? {}).some(
    ([given, text]) => given === name && text === '',
  );
  if (declaration === undefined) {
    const placeholder = isEmptyText ? 'an empty text' : 'removed';
    return { ...field, kind: { is: 'text' }, help: UNDECLARED_HELP, placeholder };
  }
  const { default: usual, description } = declaration;
  const allowed = declaration.type === 'boolean' ? 'yes or no' : describeValues(declaration);
  return {
    ...field,
    kind: paramKind(declaration),
    help:
      description === undefined
        ? `${capitalized(allowed)}.`
        : sanitizeText(`${description.trim()} (${allowed})`.replaceAll(/\s+/g, ' ')),
    placeholder: isEmptyText ? 'an empty text' : usual === undefined ? 'needed' : String(usual),
  };
}

function paramKind({ type, default: usual, values = [] }: ParamDeclaration): FieldKind {
  switch (type) {
    case 'choice':
      return choiceOf(
        usual,
        values.map((value) => ({ value })),
      );
    case 'boolean':
      return choiceOf(usual, YES_NO);
    case 'number':
    case 'integer':
      return { is: 'number' };
    case 'text':
    case 'date':
      return { is: 'text' };
    default:
      return type satisfies never;
  }
}

/** A choice that begins with no value. */
function choiceOf(usual: ParamValue | undefined, choices: readonly FieldChoice[]): FieldKind {
  const known = choices.find(({ value }) => value === String(usual));
  const none: FieldChoice =
    usual === undefined
      ? { value: '', label: 'needed', words: 'no value yet' }
      : { value: '', label: known?.label ?? String(usual), words: 'the default' };
  return { is: 'choice', choices: [none, ...choices] };
}
