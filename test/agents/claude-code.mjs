// Claude Code, through the SDK that starts it.
import { query } from '@anthropic-ai/claude-agent-sdk';
import { printConversation } from './conversation.mjs';
import { anthropicMessage, startModel } from './stand-in-model.mjs';

const PREFIX = 'mcp__quickscrape__';

/** It shows names alone, and the definitions of tools for which the model has searched. */
const searchTools = ({ messages }) => {
  const names = JSON.stringify(messages).match(new RegExp(`${PREFIX}\\w+`, 'g')) ?? [];
  return { name: 'ToolSearch', arguments: { query: `select:${names.join(',')}`, max_results: names.length } };
};

await printConversation(async ({ server, calls, folder }) => {
  const named = calls.map((call) => ({ ...call, name: PREFIX + call.name }));
  const model = await startModel(anthropicMessage, [searchTools, ...named]);
  const options = {
    ...{ cwd: folder, model: 'claude-sonnet-4-5', settingSources: [], tools: ['ToolSearch'] },
    mcpServers: { quickscrape: { type: 'stdio', ...server } },
    allowedTools: ['mcp__quickscrape'],
    env: {
      ...process.env,
      ...{ CLAUDE_CONFIG_DIR: folder, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'none' },
    },
  };
  for await (const message of query({ prompt: 'Go on.', options }))
    if (message.type === 'result' && message.is_error) throw new Error(JSON.stringify(message));
  model.close();
  const [first] = model.requests;
  const last = model.requests.at(-1);
  const results = last.messages
    .flatMap(({ content }) => content)
    .filter(({ type }) => type === 'tool_result');
  return {
    system: JSON.stringify([first.system, first.messages[0]]),
    tools: last.tools
      .filter(({ name }) => name.startsWith(PREFIX))
      .map(({ name, description, input_schema }) => ({
        ...{ name: name.slice(PREFIX.length), description, schema: input_schema },
      })),
    // The first is that of the search.
    results: results.slice(1).map(({ content }) => blocksOf(content)),
  };
});

function blocksOf(content) {
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return parts.map((part) => (part.type === 'image' ? { type: 'image', data: part.source.data } : part));
}
