import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PROGRAM } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';
import type { Schema } from './schema-facts.ts';

const FOLDER = fileURLToPath(new URL('../../agents/', import.meta.url));

/** Whether `npm ci --prefix test/agents --ignore-scripts` was done, as `npm run test:nightly` does: 650 MB. */
export const hasAgentPrograms = existsSync(`${FOLDER}node_modules/@anthropic-ai/claude-agent-sdk`);

/** The programs of test/agents. */
export const AGENT_PROGRAMS = ['claude-code', 'openai-agents', 'ai-sdk', 'langchain', 'mcporter'] as const;
export type AgentProgram = (typeof AGENT_PROGRAMS)[number];

export interface ToolCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** What the stand-in for a model received from such a program. */
export interface Conversation {
  /** What it was told before the first question, apart from tools. */
  system: string;
  tools: { name: string; description: string; schema: Schema }[];
  /** The result of each call. */
  results: ({ type: 'text'; text: string } | { type: 'image'; data: string })[][];
}

/**
 * Has one conversation, in which the stand-in for a model calls one tool after the other. The program starts
 * `quickscrape mcp` itself.
 */
export async function converse(
  program: AgentProgram,
  home: string,
  flags: readonly string[],
  calls: readonly ToolCall[],
): Promise<Conversation> {
  const folder = tempFolder();
  const server = { command: process.execPath, args: [PROGRAM, 'mcp', '--home', home, ...flags] };
  const child = spawn(
    process.execPath,
    [`${FOLDER}${program}.mjs`, JSON.stringify({ server, calls, folder })],
    {
      // Nothing of the person's, and no word to anybody.
      env: {
        ...{ PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, DO_NOT_TRACK: '1' },
        ...{ DISABLE_TELEMETRY: '1', DISABLE_AUTOUPDATER: '1', DISABLE_ERROR_REPORTING: '1' },
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Conversation;
}
