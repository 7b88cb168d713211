import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds dist/ before the tests: many of them run the real program, never the sources. From then on it stays as it is,
 * as `build/build.mjs` refuses to replace it: a program that a test starts meanwhile would not be there.
 */
export default function buildOnce(): void {
  // Each project of vitest calls this.
  if (process.env['QS_TESTED_DIST'] !== undefined) return;
  if (!process.env['QS_TEST_NO_BUILD'])
    execFileSync(process.execPath, ['build/build.mjs'], { cwd: ROOT, stdio: 'inherit' });
  process.env['QS_TESTED_DIST'] = `${ROOT}dist`;
}
