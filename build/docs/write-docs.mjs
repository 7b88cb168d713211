// Writes the generated parts of docs/reference (operations, dashboard, configuration, settings) and of the plugin for
// Claude Code. Usage: npm run docs
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Within the project, so that what is not bundled is found.
const folder = `${root}dist.docs-${process.pid}.tmp`;

try {
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: {
      operations: 'build/docs/operations-page.ts',
      dashboard: 'build/docs/dashboard-page.ts',
      configuration: 'build/docs/configuration-page.ts',
      settings: 'build/docs/settings-page.ts',
      plugin: 'build/docs/claude-plugin.ts',
    },
    external: ['jsonc-parser', 'libsql', 'react-devtools-core'],
  });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs' });
  await bundle.close();
  const { operationsPage } = await import(pathToFileURL(`${folder}/operations.mjs`).href);
  const { dashboardPage } = await import(pathToFileURL(`${folder}/dashboard.mjs`).href);
  const { configurationPage } = await import(pathToFileURL(`${folder}/configuration.mjs`).href);
  const { settingsPage } = await import(pathToFileURL(`${folder}/settings.mjs`).href);
  await write('reference/configuration', configurationPage);
  await write('reference/settings', settingsPage);
  await write('reference/operations', operationsPage);
  await write('reference/dashboard', dashboardPage);
  const { claudePluginFiles } = await import(pathToFileURL(`${folder}/plugin.mjs`).href);
  const manifest = JSON.parse(await readFile(`${root}package.json`, 'utf8'));
  for (const [path, text] of Object.entries(claudePluginFiles(manifest))) {
    await mkdir(dirname(`${root}${path}`), { recursive: true });
    await writeFile(`${root}${path}`, text);
    console.log(`written: ${root}${path}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function write(name, pageOf) {
  const page = `${root}docs/${name}.md`;
  await writeFile(page, await pageOf(await readFile(page, 'utf8')));
  console.log(`written: ${page}`);
}
