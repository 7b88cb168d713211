import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export const description = 'the package for npm: quickscrape-jobs-VERSION.tgz';

/** Builds dist/ and packs it as `npm publish` does. */
export async function build({ root, out, manifest }) {
  execFileSync(process.execPath, [join(root, 'build/build.mjs')], { cwd: root, stdio: 'inherit' });
  const isWindows = process.platform === 'win32';
  execFileSync(
    isWindows ? 'npm.cmd' : 'npm',
    ['pack', '--ignore-scripts', '--silent', '--pack-destination', out],
    { cwd: root, shell: isWindows, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return [join(out, `${manifest.name}-${manifest.version}.tgz`)];
}
