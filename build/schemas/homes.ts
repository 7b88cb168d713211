import { HOME_NAME, PLACE_FORMAT, PROGRAM_PATH, SSH_PLACE } from '../../src/core/fs/homes-file.ts';
import type { Schema } from '../schema-words.ts';

/** Creates the JSON Schema of the user's `homes.yaml`. Whether a place exists is reported by `quickscrape homes`. */
export function createHomesSchema(): Schema {
  return {
    title: 'QuickScrape homes',
    description: 'Names for homes: `--home @acme` is the home that is called acme here.',
    type: 'object',
    propertyNames: { pattern: HOME_NAME.source },
    additionalProperties: { $ref: '#/definitions/home' },
    definitions: {
      home: {
        description: 'Where the home is.',
        anyOf: [
          { $ref: '#/definitions/folder' },
          { $ref: '#/definitions/ssh' },
          { $ref: '#/definitions/place' },
        ],
      },
      folder: {
        type: 'string',
        description: 'A folder of this machine: absolute, or below ~/.',
        pattern: '^(?:~$|~/|/|[A-Za-z]:[\\\\/])',
        patternErrorMessage: `Use ${PLACE_FORMAT}.`,
        examples: ['~/scrapes/acme', '/srv/scrapes'],
      },
      ssh: {
        type: 'string',
        description:
          'A home on another machine, which ssh reaches. Without a folder, the default home there; /~/ is the folder that a login begins in.',
        pattern: SSH_PLACE.source.replaceAll(/\?<\w+>/g, '?:'),
        patternErrorMessage: 'Use ssh://[USER@]HOST[:PORT]/FOLDER, without a password.',
        examples: ['ssh://paris.example/srv/scrapes', 'ssh://me@paris.example:2222/~/scrapes'],
      },
      place: {
        type: 'object',
        required: ['at'],
        additionalProperties: false,
        properties: {
          at: {
            description: 'The place.',
            anyOf: [{ $ref: '#/definitions/folder' }, { $ref: '#/definitions/ssh' }],
          },
          program: {
            type: 'string',
            description:
              'Where quickscrape is on the other machine, if a shell without a login does not find it.',
            pattern: PROGRAM_PATH.source,
            patternErrorMessage: 'Use the path of a program, without blanks.',
            examples: ['~/.local/bin/quickscrape'],
          },
        },
      },
    },
  };
}
