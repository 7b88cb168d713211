import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

export const description =
  'a folder with Containerfile, compose.yaml and the package; also the image, where docker or podman runs';

const TARGETS = { slim: '', 'with-browser': '-browser' };

/** Writes the folder `container`, and builds the images `quickscrape-jobs:VERSION` and `:VERSION-browser` from it. */
export async function build({ root, out, manifest, artefact, findEngine = runningEngine }) {
  const folder = join(out, 'container');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'packaging/container'), folder, { recursive: true });
  const [tarball] = await artefact('tarball');
  await cp(tarball, join(folder, basename(tarball)));
  const engine = findEngine();
  if (engine === undefined) {
    console.error(`neither docker nor podman runs here: build the image elsewhere, in ${folder}`);
    return filesOf(folder);
  }
  for (const [target, suffix] of Object.entries(TARGETS)) {
    const label = `org.opencontainers.image.version=${manifest.version}`;
    const tag = `${manifest.name}:${manifest.version}${suffix}`;
    const args = ['build', '--file', join(folder, 'Containerfile'), '--target', target];
    execFileSync(engine, [...args, '--label', label, '--tag', tag, folder], { stdio: 'inherit' });
  }
  return filesOf(folder);
}

async function filesOf(folder) {
  const names = await readdir(folder);
  return names.sort().map((name) => join(folder, name));
}

/** Docker's program may be there without its daemon. */
function runningEngine() {
  return ['docker', 'podman'].find((name) => spawnSync(name, ['info'], { stdio: 'ignore' }).status === 0);
}
