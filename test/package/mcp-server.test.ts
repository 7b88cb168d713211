import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect } from 'vitest';
import { it } from '../extend.ts';

const { buildArtefacts } = await import(new URL('../../build/artefacts.mjs', import.meta.url).href);
const { build, mcpNameOf, missingForRegistry } = await import(
  new URL('../../build/artefacts/mcp-server.mjs', import.meta.url).href
);

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const owned = {
  ...manifest,
  repository: { type: 'git', url: 'git+https://github.com/ada/scrapes.git' },
  mcpName: 'io.github.ada/quickscrape-jobs',
};

const TEXT = { type: 'string', minLength: 1 };
const ADDRESS = { type: 'string', pattern: '^https://' };

function closed(properties: object, required: readonly string[] = []) {
  return { type: 'object', additionalProperties: false, properties, required };
}

const INPUT = {
  description: TEXT,
  isRequired: { type: 'boolean' },
  format: { enum: ['string', 'number', 'boolean', 'filepath'] },
  value: TEXT,
  default: TEXT,
  placeholder: TEXT,
};

/**
 * What an entry with an npm package may hold, written anew from modelcontextprotocol/static,
 * schemas/2025-12-11/server.schema.json, and from the registry's own rules. The entry below was also checked with that.
 */
const SCHEMA = closed(
  {
    $schema: { const: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json' },
    name: { type: 'string', maxLength: 200, pattern: '^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$' },
    title: { ...TEXT, maxLength: 100 },
    description: { ...TEXT, maxLength: 100 },
    version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+(-[\\w.]+)?$' },
    repository: closed({ url: ADDRESS, source: TEXT }, ['url', 'source']),
    websiteUrl: ADDRESS,
    packages: {
      type: 'array',
      minItems: 1,
      items: closed(
        {
          registryType: { const: 'npm' },
          identifier: TEXT,
          version: TEXT,
          runtimeHint: TEXT,
          transport: closed({ type: { const: 'stdio' } }, ['type']),
          packageArguments: {
            type: 'array',
            items: closed({ type: { const: 'positional' }, ...INPUT }, ['type', 'value']),
          },
          environmentVariables: { type: 'array', items: closed({ name: TEXT, ...INPUT }, ['name']) },
        },
        ['registryType', 'identifier', 'version', 'transport'],
      ),
    },
  },
  ['$schema', 'name', 'description', 'version', 'packages'],
);

describe('server.json', () => {
  it('is made from package.json, in the form of the registry', async ({ folder }) => {
    const [file] = (await build({ out: folder, manifest: owned })) as string[];
    expect(basename(file ?? '')).toBe('server.json');
    const entry = JSON.parse(readFileSync(file ?? '', 'utf8'));
    const check = new Ajv({ strict: false }).compile(SCHEMA);
    check(entry);
    expect(check.errors).toBeNull();
    expect(entry).toMatchObject({ name: owned.mcpName, version: manifest.version });
    expect(entry.repository).toEqual({ url: 'https://github.com/ada/scrapes', source: 'github' });
    expect(entry.packages).toMatchObject([{ identifier: manifest.name, version: manifest.version }]);
  });

  it('is not made while package.json does not say whose it is', async ({ folder }) => {
    const nobody = { ...owned, repository: undefined, mcpName: undefined };
    await expect(build({ out: folder, manifest: nobody })).rejects.toThrow(/repository: .*package\.json/);
    expect(missingForRegistry({ ...owned, repository: 'https://git.example/ada/scrapes' })).toHaveLength(1);
  });

  it('is not made while the package does not bear its name', () => {
    const missing = ['mcpName: "io.github.ada/quickscrape-jobs" in package.json'];
    expect(missingForRegistry({ ...owned, mcpName: undefined })).toEqual(missing);
    expect(missingForRegistry({ ...owned, mcpName: 'io.github.eve/quickscrape-jobs' })).toEqual(missing);
  });

  it('is one of the artefacts, and says what is missing, as long as something is', async ({ folder }) => {
    const made = buildArtefacts(['mcp-server'], { out: folder, isBuilt: true });
    if (missingForRegistry(manifest).length > 0) await expect(made).rejects.toThrow('release.md');
    else expect(await made).toHaveLength(1);
  });
});

it.each([
  'https://github.com/ada/scrapes',
  'git+https://github.com/ada/scrapes.git',
  'git@github.com:ada/scrapes.git',
  { type: 'git', url: 'git+ssh://git@github.com/ada/scrapes.git' },
])('the name in the registry is that of the owner of %j', (repository) => {
  expect(mcpNameOf({ name: 'jobs', repository })).toBe('io.github.ada/jobs');
});
