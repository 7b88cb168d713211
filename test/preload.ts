import { fileURLToPath, pathToFileURL } from 'node:url';

/** Environment that loads a file of `test/fixtures/preload` into each Node program, and tells it its folder. */
export function preload(
  name: 'hold' | 'browser' | 'peak' | 'no-memory' | 'leave' | 'report' | 'print',
  folder: string,
  hold = '',
): Record<string, string> {
  const file = pathToFileURL(fileURLToPath(new URL(`./fixtures/preload/${name}.js`, import.meta.url)));
  return { NODE_OPTIONS: `--import=${file.href}`, QS_TEST_FOLDER: folder, QS_TEST_HOLD: hold };
}
