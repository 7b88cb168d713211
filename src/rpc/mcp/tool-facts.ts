import { readFileSync } from 'node:fs';
import type { ToolFacts } from './tool-definitions.ts';

/** The file with the facts of all operations in a built program, beside its chunks. */
export const TOOL_FACTS_FILE = 'tool-facts.json';

/**
 * The facts of all operations, in their order. A build has them in a file: to load the operations and to convert their
 * schemas takes 150 ms. The sources have none, and convert them.
 */
export async function loadToolFacts(): Promise<readonly ToolFacts[]> {
  const file = new URL(TOOL_FACTS_FILE, import.meta.url);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ToolFacts[];
  } catch {
    return (await import('./convert-operations.ts')).convertOperations();
  }
}
