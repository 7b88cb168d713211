import { COMMAND_NAME } from '../../src/tui/app/command-file.ts';
import { COMMAND_SCOPES } from '../../src/tui/kernel/own-command.ts';
import type { Schema } from '../schema-words.ts';
import { keySchema } from './keys.ts';

/**
 * Creates the JSON Schema of the dashboard's `commands.yaml`. A placeholder without a value in one of the views, and a
 * key that another action has, are reported only by the dashboard.
 */
export function createCommandsSchema(): Schema {
  const scope: Schema = { enum: Object.keys(COMMAND_SCOPES) };
  const line: Schema = { type: 'string', pattern: '^[^\\n]*\\S[^\\n]*$' };
  return {
    title: 'QuickScrape commands',
    description: 'Commands of your own in the dashboard: the name of each, and what it runs.',
    type: 'object',
    propertyNames: { pattern: COMMAND_NAME.source },
    additionalProperties: { $ref: '#/definitions/command' },
    definitions: {
      command: {
        type: 'object',
        required: ['title', 'scope', 'argv'],
        additionalProperties: false,
        properties: {
          title: { ...line, description: 'What it does, for help and palette.' },
          scope: {
            description: 'Where it can be run: one view, or a list of them.',
            anyOf: [scope, { type: 'array', items: scope, minItems: 1 }],
          },
          argv: {
            description: `The program and its arguments, which no shell reads. ${describePlaceholders()}`,
            type: 'array',
            minItems: 1,
            items: { anyOf: [{ type: 'string' }, { type: 'number' }] },
            examples: [['less', '{home}/jobs/{job_id}.json']],
          },
          key: {
            ...keySchema(),
            description: 'Its key in these views, before the usual action with this key.',
          },
          footer: { ...line, description: 'A word for the last line.' },
          background: {
            type: 'boolean',
            default: false,
            description:
              'Runs beside the dashboard, which shows its last line. Otherwise it gets the terminal.',
          },
          reads_only: {
            type: 'boolean',
            default: false,
            description: 'Changes nothing, so that --read-only allows it.',
          },
        },
      },
    },
  };
}

function describePlaceholders(): string {
  const views = Object.entries(COMMAND_SCOPES).map(
    ([scope, names]) => `in ${scope} ${names.map((name) => `{${name}}`).join(', ')}`,
  );
  return `Placeholders: ${views.join('; ')}.`;
}
