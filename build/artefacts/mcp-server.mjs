// The entry for the MCP Registry, in which assistants' programs look for servers.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const description =
  'the entry for the MCP Registry: server.json (needs the repository of package.json)';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';
/** The registry takes at most 100 characters. */
const DESCRIPTION = 'Schedules web-scraping jobs, runs them unattended, and explains what became of them.';

/** @throws Error if package.json does not have yet what the registry asks for */
export async function build({ out, manifest }) {
  const missing = missingForRegistry(manifest);
  if (missing.length > 0)
    throw new Error(
      `server.json cannot be made yet. docs/contributing/release.md\n- ${missing.join('\n- ')}`,
    );
  const file = join(out, 'server.json');
  await writeFile(file, `${JSON.stringify(serverEntry(manifest), null, 2)}\n`);
  return [file];
}

/** @returns each field of package.json that the registry needs and that is not right, as `what: where to write it` */
export function missingForRegistry(manifest) {
  const name = mcpNameOf(manifest);
  if (name === undefined)
    return ['repository: its address at github.com in package.json; the registry takes the owner from it'];
  // The registry compares it with the package in npm, as a proof that both have one owner.
  return manifest.mcpName === name ? [] : [`mcpName: "${name}" in package.json`];
}

/** The name that the owner of a repository at github.com may publish; undefined for others. */
export function mcpNameOf({ name, repository }) {
  const owner = /\bgithub\.com[/:]([\w-]+)\//.exec(repository?.url ?? repository ?? '')?.[1];
  return owner === undefined ? undefined : `io.github.${owner}/${name}`;
}

function serverEntry({ name, version, mcpName, repository, homepage }) {
  const url = (repository.url ?? repository).replace(/^git\+/, '').replace(/\.git$/, '');
  return {
    $schema: SCHEMA,
    name: mcpName,
    title: 'QuickScrape Jobs',
    description: DESCRIPTION,
    version,
    repository: { url, source: 'github' },
    websiteUrl: homepage,
    packages: [
      {
        registryType: 'npm',
        identifier: name,
        version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        // A flag without a value, such as --read-only, has no form in which clients agree.
        packageArguments: [{ type: 'positional', value: 'mcp' }],
        environmentVariables: [
          {
            name: 'QUICKSCRAPE_HOME',
            description: 'The folder with jobs, configurations, runs and output. Without it: ~/.quickscrape',
            format: 'filepath',
            isRequired: false,
          },
        ],
      },
    ],
  };
}
