import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { localRegistry } from './local-registry.ts';

const DOUBLE = fileURLToPath(new URL('formula-double.rb', import.meta.url));
const { buildArtefacts } = await import(new URL('../../build/artefacts.mjs', import.meta.url).href);

/** What the double of Homebrew prints after `install` and `test` of a formula. */
interface Installed {
  facts: Record<string, string>;
  version: string;
  caveats: string;
  service: Record<string, unknown>;
}

it.skipIf(lacks('shell'))(
  'installs the program, its manual and its completions as the formula says',
  async ({ folder }) => {
    const out = join(folder, 'out');
    const [formula] = (await buildArtefacts(['homebrew'], { out, isBuilt: true })) as [string];
    const prefix = join(folder, 'prefix');
    const said = await promisify(execFile)('ruby', [DOUBLE, formula, prefix], {
      env: { ...process.env, npm_config_registry: await localRegistry() },
    });
    const installed = JSON.parse(said.stdout.trim().split('\n').at(-1) ?? '') as Installed;

    expect(installed.facts).toMatchObject({ license: 'MIT', depends_on: 'node' });
    expect(readdirSync(join(prefix, 'bin'))).toEqual(['quickscrape']);
    expect(
      readFileSync(join(prefix, 'libexec/lib/node_modules/quickscrape-jobs/dist/installed-from'), 'utf8'),
    ).toBe('homebrew\n');
    expect(readdirSync(join(prefix, 'share/man/man1'))).toContain('quickscrape-job-create.1');
    for (const file of [
      'etc/bash_completion.d/quickscrape',
      'share/zsh/site-functions/_quickscrape',
      'share/fish/vendor_completions.d/quickscrape.fish',
      'share/pwsh/completions/_quickscrape.ps1',
    ])
      expect(existsSync(join(prefix, file)), file).toBe(true);
    expect(installed.service['run']).toEqual([join(prefix, 'bin/quickscrape'), 'scheduler', 'run']);
  },
);

it('takes the address of the tarball from the registry that an owner has named', async ({ folder }) => {
  const { build } = await import(new URL('../../build/artefacts/homebrew.mjs', import.meta.url).href);
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const manifest = {
    name: 'quickscrape-jobs',
    license: 'MIT',
    homepage: 'https://quickscrape.example/',
    publishConfig: { registry: 'https://registry.example/' },
  };
  const tarball = fileURLToPath(new URL('../../LICENSE', import.meta.url));
  const artefact = () => Promise.resolve([tarball]);
  const [formula] = await build({ root, out: folder, manifest, artefact });
  const text = readFileSync(formula, 'utf8');
  expect(text).toContain('  homepage "https://quickscrape.example/"\n');
  expect(text).toContain('  url "https://registry.example/quickscrape-jobs/-/LICENSE"\n');
});
