import { PROMPTS } from '../../src/rpc/mcp/prompts.ts';

/** What package.json says that a plugin says, too. */
interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  keywords: string[];
  author?: string | { name: string };
}

interface Skill {
  /** When an assistant uses it, as the second half of its description. */
  useWhen: string;
  /** What a person enters after the name of the skill. */
  hint: string;
  /** The words for what the person said, and the task with them in the places of the prompt's arguments. */
  words: string;
  text: string;
}

/** The texts of the prompts are for a server that offers everything. */
const ALL_TOOLS = { has: () => true, get: () => undefined };

const SKILLS: Record<keyof typeof PROMPTS, Skill> = {
  schedule_scrape: {
    useWhen:
      'Use it when the person wants a configuration of QuickScrape Jobs to run at certain times: daily, on weekdays, every hour, once.',
    hint: '[configuration] [when]',
    words: 'CONFIGURATION and WHEN',
    text: PROMPTS.schedule_scrape.text({ config_name: 'CONFIGURATION', when: 'WHEN' }, ALL_TOOLS),
  },
  diagnose_failing_job: {
    useWhen:
      'Use it when a job of QuickScrape Jobs fails, finds nothing, did not run, or does something that nobody expected.',
    hint: '[job]',
    words: 'JOB',
    text: PROMPTS.diagnose_failing_job.text({ job_id: 'JOB' }, ALL_TOOLS),
  },
  repair_selectors: {
    useWhen:
      'Use it when a site has changed and the selectors of a job of QuickScrape Jobs match nothing, or fewer items than usual.',
    hint: '[job]',
    words: 'JOB',
    text: PROMPTS.repair_selectors.text({ job_id: 'JOB' }, ALL_TOOLS),
  },
};

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
  for (const [prompt, skill] of Object.entries(SKILLS)) {
    const folder = skillName(prompt);
    files[`plugins/claude-code/skills/${folder}/SKILL.md`] = skillPage(folder, prompt, skill);
  }
  return files;
}

function skillPage(name: string, prompt: string, { useWhen, hint, words, text }: Skill): string {
  const { title, description } = PROMPTS[prompt as keyof typeof PROMPTS];
  return `---
name: ${name}
description: ${JSON.stringify(`${description} ${useWhen}`)}
argument-hint: ${JSON.stringify(hint)}
---

# ${title}

The person said: $ARGUMENTS

Below, ${words} ${words.includes(' and ') ? 'stand' : 'stands'} for what the person named. Ask for what is missing. The tools are those of the MCP server \`quickscrape\`. If it does not offer one of them, it only reads: give the person the command or the text instead.

${text.replace(/the prompt (\w+)/g, (_, other: string) => `the skill ${skillName(other)}`)}
`;
}

/** Names of skills have hyphens. */
function skillName(prompt: string): string {
  return prompt.replaceAll('_', '-');
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
