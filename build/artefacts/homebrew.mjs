import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fillTemplate } from '../fill-template.mjs';

export const description = 'the formula for Homebrew, with the tarball that it installs: quickscrape-jobs.rb';

export async function build({ root, out, manifest, artefact }) {
  const [tarball] = await artefact('tarball');
  const formula = fillTemplate(`${root}packaging/homebrew/quickscrape-jobs.rb`, {
    homepage: manifest.homepage ?? '',
    url: tarballAddress(manifest, tarball),
    sha256: createHash('sha256')
      .update(await readFile(tarball))
      .digest('hex'),
    license: manifest.license,
  });
  const path = join(out, 'quickscrape-jobs.rb');
  await writeFile(path, formula.replace('  homepage ""\n', ''));
  return [path];
}

/** Where npm publishes it. Until an owner has named the registry, the formula can be tried with the file itself. */
function tarballAddress({ name, publishConfig }, tarball) {
  if (publishConfig?.registry)
    return new URL(`${name}/-/${basename(tarball)}`, `${publishConfig.registry.replace(/\/$/, '')}/`).href;
  console.error(
    `quickscrape-jobs.rb installs ${tarball}: package.json has no publishConfig.registry from which others could fetch it`,
  );
  return pathToFileURL(tarball).href;
}
