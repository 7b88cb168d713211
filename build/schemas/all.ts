import type { Schema } from '../schema-words.ts';
import { createChannelsSchema } from './channels.ts';
import { createCommandsSchema } from './commands.ts';
import { createConfigurationSchema } from './configuration.ts';
import { createHomesSchema } from './homes.ts';
import { createJobSchema } from './job.ts';
import { createKeysSchema } from './keys.ts';
import { createSettingsSchema } from './settings.ts';

/** SchemaStore recommends draft 7, which all editors know. */
const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** The schemas by the name of their file. Another kind of file is one line here. */
const MAKERS = {
  configuration: createConfigurationSchema,
  job: createJobSchema,
  settings: createSettingsSchema,
  channels: createChannelsSchema,
  keys: createKeysSchema,
  commands: createCommandsSchema,
  homes: createHomesSchema,
} as const;

export type SchemaName = keyof typeof MAKERS;

export const SCHEMA_NAMES = Object.keys(MAKERS) as SchemaName[];

/** Creates the schema of one kind of file, as it is published. */
export function createSchema(name: SchemaName): Schema {
  return { $schema: DRAFT, $id: `https://www.schemastore.org/quickscrape-${name}.json`, ...MAKERS[name]() };
}
