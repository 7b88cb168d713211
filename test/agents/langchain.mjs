// LangChain, with the model that it has for tests.
import { AIMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import { createAgent } from 'langchain';
import { printConversation } from './conversation.mjs';

await printConversation(async ({ server, calls }) => {
  const client = new MultiServerMCPClient({ mcpServers: { quickscrape: { transport: 'stdio', ...server } } });
  const tools = await client.getTools();
  const model = fakeModel();
  for (const { name, arguments: args } of calls) model.respondWithTools([{ name, args }]);
  model.respond(new AIMessage('done'));
  const agent = createAgent({ model, tools });
  await agent.invoke({ messages: [{ role: 'user', content: 'Go on.' }] }, { recursionLimit: 100 });
  await client.close();
  const { messages } = model.calls.at(-1);
  return {
    system: JSON.stringify(model.calls[0].messages),
    tools: tools.map(convertToOpenAITool).map(({ function: { name, description, parameters } }) => ({
      ...{ name, description, schema: parameters },
    })),
    results: messages.filter(({ type }) => type === 'tool').map(({ content }) => blocksOf(content)),
  };
});

function blocksOf(content) {
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return parts.map((part) =>
    part.type === 'text' ? part : { type: 'image', data: part.image_url.url.replace(/^.*,/, '') },
  );
}
