import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from '../fs/atomic-file.ts';
import { bundledFile } from '../lib/program.ts';

const SCHEMA_NAME = '.schema.json';

/**
 * The line by which editors (VS Code and others, through yaml-language-server) complete and check a configuration. The
 * path is relative to the file, so that it holds in any home, and without a network.
 */
export const SCHEMA_LINE = `# yaml-language-server: $schema=./${SCHEMA_NAME}`;

/**
 * Lays the schema of this version beside the configurations, for {@link SCHEMA_LINE}. What keeps it from that is no
 * reason to refuse a configuration: an editor then says that it found none.
 * @param folder where the configurations lie
 */
export async function writeEditorSchema(folder: string): Promise<void> {
  try {
    const schema = readFileSync(bundledFile('configuration.schema.json'), 'utf8');
    const file = join(folder, SCHEMA_NAME);
    if (readIfExists(file) !== schema) await writeFileDurably(file, schema, { sync: false });
  } catch {
    // Not built yet, a link of somebody's own in its place, or a full disk.
  }
}

/** {@link writeEditorSchema} for a copy of a configuration that somebody edits in a folder of its own. */
export function copyEditorSchema(folder: string): void {
  try {
    copyFileSync(bundledFile('configuration.schema.json'), join(folder, SCHEMA_NAME));
  } catch {
    // As above: the editor does without.
  }
}

function readIfExists(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
