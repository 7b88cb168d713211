import * as z from 'zod';
import { CHANNEL_TYPES, channelRule } from '../../src/core/channels/channel-rules.ts';
import type { Schema } from '../schema-words.ts';
import { forEditors } from './for-editors.ts';

/**
 * Creates the JSON Schema of `channels.yaml`: a name and the fields of its type. Addresses are checked only when the file
 * is read, because a `${NAME}` may stand in them.
 */
export function createChannelsSchema(): Schema {
  return {
    title: 'QuickScrape channels',
    description: 'Where messages about jobs are sent: a name, and the fields of its type.',
    type: 'object',
    patternProperties: {
      '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$': {
        type: 'object',
        required: ['type'],
        properties: { type: { enum: [...CHANNEL_TYPES], description: 'The kind of channel' } },
        oneOf: CHANNEL_TYPES.map(
          (type) =>
            forEditors(
              z.toJSONSchema(channelRule(type), { io: 'input', target: 'draft-7', unrepresentable: 'any' }),
              {},
            ) as Schema,
        ),
      },
    },
    additionalProperties: false,
  };
}
