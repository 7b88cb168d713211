import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { formatFromPath } from '../../../src/core/model/output-format.ts';
import { exportItems } from '../../../src/scrape/output/export-items.ts';
import type { ExportOptions } from '../../../src/scrape/output/export-options.ts';

/** A temporary folder for each test, and exports from it into it. */
export function withExport() {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'qs-export-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  const stage = (items: unknown[]) =>
    writeFileSync(path('items.jsonl'), items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  const write = (name: string, options: Partial<ExportOptions> = {}) =>
    exportItems({
      stagingFile: path('items.jsonl'),
      file: path(name),
      format: formatFromPath(name) ?? 'csv',
      append: false,
      fields: ['a', 'b'],
      signal: new AbortController().signal,
      ...options,
    });
  const read = (name: string) => readFileSync(path(name), 'utf8');
  const files = () => readdirSync(folder).sort();
  return { path, stage, write, read, files };
}
