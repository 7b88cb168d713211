import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from '../fs/atomic-file.ts';
import { tryReadText } from '../fs/read-regular-file.ts';
import { bundledFile } from '../lib/program.ts';

const SCHEMA_NAME = '.schema.json';

/**
 * The line with which editors (VS Code and others, through yaml-language-server) complete and validate a configuration.
 * The path is relative to the file, so it works in any home and without a network.
 */
export const SCHEMA_LINE = `# yaml-language-server: $schema=./${SCHEMA_NAME}`;

/**
 * Writes this version's schema beside the configurations, for {@link SCHEMA_LINE}. A failure is ignored, because it is
 * no reason to reject a configuration; the editor then reports that it found no schema.
 * @param folder the folder of the configurations
 */
export async function writeEditorSchema(folder: string): Promise<void> {
  try {
    const schema = readFileSync(bundledFile('configuration.schema.json'), 'utf8');
    const file = join(folder, SCHEMA_NAME);
    if (tryReadText(file) !== schema) await writeFileDurably(file, schema, { sync: false });
  } catch {
    // The schema is not built yet, a user's link is in its place, or the disk is full.
  }
}

/** {@link writeEditorSchema} for a copy of a configuration that is edited in a separate folder. */
export function copyEditorSchema(folder: string): void {
  try {
    copyFileSync(bundledFile('configuration.schema.json'), join(folder, SCHEMA_NAME));
  } catch {
    // As above: the editor works without a schema.
  }
}
