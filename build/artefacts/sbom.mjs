import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from '../npm.mjs';

export const description = 'what is in the package, for scanners: NAME-VERSION.cdx.json (CycloneDX)';

/**
 * `npm sbom` lists all that is installed here. Of this the package has its dependencies, and what is bundled, which
 * npm counts as needed for development.
 */
export async function build({ root, out, manifest }) {
  const all = JSON.parse(npm(['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], { cwd: root }));
  const dependsOn = new Map(all.dependencies.map((each) => [each.ref, each.dependsOn]));
  const notices = await readFile(join(root, 'dist/THIRD-PARTY-NOTICES.md'), 'utf8');
  const bundled = [...notices.matchAll(/^## (\S+ \S+)$/gm)].map(([, title]) => title.replace(' ', '@'));
  const installed = Object.entries(manifest.dependencies).map(([name, version]) => `${name}@${version}`);
  const kept = new Set([...bundled, ...closureOf(installed, dependsOn)]);
  const components = all.components.filter((component) => kept.has(component['bom-ref']));
  const self = `${manifest.name}@${manifest.version}`;
  const path = join(out, `${manifest.name}-${manifest.version}.cdx.json`);
  await writeFile(
    path,
    `${JSON.stringify(
      {
        ...all,
        metadata: { ...all.metadata, component: { ...all.metadata.component, name: manifest.name } },
        components: components.map((component) => ({ ...component, scope: 'required', properties: [] })),
        dependencies: [self, ...components.map((component) => component['bom-ref'])].map((ref) => ({
          ref,
          dependsOn: (dependsOn.get(ref) ?? []).filter((each) => kept.has(each)),
        })),
      },
      null,
      2,
    )}\n`,
  );
  return [path];
}

/** These packages, and all that they need. */
function closureOf(refs, dependsOn) {
  const found = new Set();
  const pending = [...refs];
  for (let ref = pending.pop(); ref !== undefined; ref = pending.pop()) {
    if (found.has(ref)) continue;
    found.add(ref);
    pending.push(...(dependsOn.get(ref) ?? []));
  }
  return found;
}
