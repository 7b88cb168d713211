import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds dist/ before the tests: many of them run the real program, never the sources. */
export default function buildOnce(): void {
  if (process.env['QS_TEST_NO_BUILD']) return;
  execFileSync(process.execPath, ['build/build.mjs'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  });
}
