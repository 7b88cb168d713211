import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDebianPackage } from '../debian/package.mjs';

export const description =
  'the package for Debian and Ubuntu, with the tarball: NAME_VERSION_ARCH.deb; ARCH is amd64 or arm64 ($DEB_HOST_ARCH)';

export async function build({ root, out, manifest, artefact }) {
  const [tarball] = await artefact('tarball');
  const folder = await mkdtemp(join(tmpdir(), 'quickscrape-deb-'));
  try {
    return [await buildDebianPackage({ root, out, manifest, tarball, folder })];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
