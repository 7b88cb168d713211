import { type OfferedTools, PROMPTS } from './prompts.ts';

interface Skill {
  /** When an assistant uses it, as the second half of its description. */
  useWhen: string;
  /** What a person enters after the name of the skill. */
  hint: string;
  /** The words for what the person said, which stand in the places of the prompt's arguments. */
  words: string;
  text(tools: OfferedTools): string;
}

type PromptName = keyof typeof PROMPTS;

const SKILLS: Record<PromptName, Skill> = {
  schedule_scrape: {
    useWhen:
      'Use it when the person wants a configuration of QuickScrape Jobs to run at certain times: daily, on weekdays, every hour, once.',
    hint: '[configuration] [when]',
    words: 'CONFIGURATION and WHEN',
    text: (tools) => PROMPTS.schedule_scrape.text({ config_name: 'CONFIGURATION', when: 'WHEN' }, tools),
  },
  diagnose_failing_job: {
    useWhen:
      'Use it when a job of QuickScrape Jobs fails, finds nothing, did not run, or does something that nobody expected.',
    hint: '[job]',
    words: 'JOB',
    text: (tools) => PROMPTS.diagnose_failing_job.text({ job_id: 'JOB' }, tools),
  },
  repair_selectors: {
    useWhen:
      'Use it when a site has changed and the selectors of a job of QuickScrape Jobs match nothing, or fewer items than usual.',
    hint: '[job]',
    words: 'JOB',
    text: (tools) => PROMPTS.repair_selectors.text({ job_id: 'JOB' }, tools),
  },
};

/** A skill that is made from a prompt. */
export interface SkillPage {
  /** The name of its folder. */
  name: string;
  description: string;
  /** The whole SKILL.md. */
  page: string;
}

interface SkillPageOptions {
  tools: OfferedTools;
  /** Whether the page is for Claude Code, which fills in what a person enters after the skill's name. */
  isPlugin?: boolean;
}

/** The skills (agentskills.io) for a server with these tools: those of the prompts that it offers. */
export function skillPages({ tools, isPlugin = false }: SkillPageOptions): SkillPage[] {
  return (Object.keys(SKILLS) as PromptName[])
    .filter((prompt) => PROMPTS[prompt].needs.every((name) => tools.has(name)))
    .map((prompt) => {
      const { useWhen, hint, words, text } = SKILLS[prompt];
      const { title, description: what } = PROMPTS[prompt];
      const [name, description] = [skillName(prompt), `${what} ${useWhen}`];
      const head = `name: ${name}\ndescription: ${JSON.stringify(description)}`;
      const [entered, said, from] = isPlugin
        ? [
            `\nargument-hint: ${JSON.stringify(hint)}`,
            'The person said: $ARGUMENTS\n\n',
            'the MCP server `quickscrape`',
          ]
        : ['', '', 'this server'];
      const page = `---
${head}${entered}
---

# ${title}

${said}Below, ${words} ${words.includes(' and ') ? 'stand' : 'stands'} for what the person named. Ask for what is missing. The tools are those of ${from}. If it does not offer one of them, it only reads: give the person the command or the text instead.

${text(tools).replace(/the prompt (\w+)/g, (_, other: string) => `the skill ${skillName(other)}`)}
`;
      return { name, description, page };
    });
}

/** Names of skills have hyphens. */
function skillName(prompt: string): string {
  return prompt.replaceAll('_', '-');
}
