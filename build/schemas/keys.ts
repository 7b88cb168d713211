import { ACTIONS } from '../../src/tui/app/actions.ts';
import {
  DISABLED,
  KEY_ALIASES,
  KEY_FORMAT,
  KEY_NAMES,
  MODIFIERS,
  RESERVED_KEYS,
} from '../../src/tui/app/key-file.ts';
import type { Schema } from '../schema-words.ts';

const KEY_MESSAGE = `Use ${KEY_FORMAT}. These keys cannot be chosen: ${Object.keys(RESERVED_KEYS).join(', ')}.`;

/**
 * Creates the JSON Schema of the dashboard's `keys.yaml`. Two actions with the same key in one view are reported only
 * by the dashboard.
 */
export function createKeysSchema(): Schema {
  const key = { $ref: '#/definitions/key' };
  const binding = (description: string): Schema => ({
    description,
    anyOf: [key, { $ref: '#/definitions/keys' }, { $ref: '#/definitions/disabled' }],
  });
  return {
    title: 'QuickScrape keys',
    description: 'Keys of your own in the dashboard: the id of an action, and its keys.',
    type: 'object',
    properties: Object.fromEntries(
      ACTIONS.map(({ id, title, keys }) => [
        id,
        { ...binding(title), ...(keys.length > 0 && { default: keys.length === 1 ? keys[0] : [...keys] }) },
      ]),
    ),
    additionalProperties: false,
    // Without descriptions, which editors would show in place of what the action does.
    definitions: {
      disabled: { const: DISABLED },
      keys: { type: 'array', items: key },
      key: keySchema(),
    },
  };
}

/** Creates the schema of a key or a chord. */
export function keySchema(): Schema {
  return {
    anyOf: [
      { type: 'string', pattern: keyPattern(), patternErrorMessage: KEY_MESSAGE },
      // YAML reads the key of a digit as a number.
      { type: 'integer', minimum: 0, maximum: 9 },
    ],
  };
}

/** What the dashboard takes as a key or a chord. It ignores the case of names. */
function keyPattern(): string {
  const names = [...KEY_NAMES, ...Object.keys(KEY_ALIASES)].filter((name) => name.length > 1);
  const modifier = `(?:${MODIFIERS.map(anyCase).join('|')})[+-]`;
  const reserved = Object.keys(RESERVED_KEYS).map((name) => {
    const [last = '', ...modifiers] = name.split('+').toReversed();
    return `${modifiers.map((each) => `${anyCase(each)}[+-]`).join('')}${anyCase(last)}`;
  });
  const one = `(?!(?:${reserved.join('|')})(?: |$))(?:${modifier})*(?:[^ ]|${names.map(anyCase).join('|')})`;
  return `^(?: |${one}(?: ${one})*)$`;
}

/** A pattern that matches a word in any case. */
function anyCase(word: string): string {
  return word
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);
}
