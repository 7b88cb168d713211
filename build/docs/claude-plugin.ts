import { skillPages } from '../../src/rpc/mcp/skill-pages.ts';

/** What package.json says that a plugin says, too. */
interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  keywords: string[];
  author?: string | { name: string };
}

/** The plugin's server offers everything, unless the person limits it. */
const ALL_TOOLS = { has: () => true, get: () => undefined };

/** The generated files of the plugin for Claude Code, by their path in the repository. */
export function claudePluginFiles(manifest: Manifest): Record<string, string> {
  const { name, version, description, license, keywords, author } = manifest;
  const owner = typeof author === 'string' ? { name: author } : (author ?? { name: 'QuickScrape Jobs' });
  const source = './plugins/claude-code';
  const files: Record<string, string> = {
    '.claude-plugin/marketplace.json': toJson({
      name,
      description: `The plugin of QuickScrape Jobs. ${description}`,
      owner,
      plugins: [{ name, source, description, category: 'productivity' }],
    }),
    'plugins/claude-code/.claude-plugin/plugin.json': toJson({
      name,
      version,
      description,
      author: owner,
      license,
      keywords,
    }),
  };
  for (const { name: folder, page } of skillPages({ tools: ALL_TOOLS, isPlugin: true }))
    files[`plugins/claude-code/skills/${folder}/SKILL.md`] = page;
  return files;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
