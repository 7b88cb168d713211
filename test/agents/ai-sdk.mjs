// The AI SDK, with the model that it has for tests.
import { createMCPClient } from '@ai-sdk/mcp';
import { StdioMCPTransport } from '@ai-sdk/mcp/mcp-stdio';
import { generateText, isStepCount } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { printConversation } from './conversation.mjs';

await printConversation(async ({ server, calls }) => {
  const client = await createMCPClient({ transport: new StdioMCPTransport(server) });
  const model = new MockLanguageModelV4({
    doGenerate: async () => answerWith(calls[model.doGenerateCalls.length - 1], model.doGenerateCalls.length),
  });
  await generateText({
    ...{ model, tools: await client.tools(), prompt: 'Go on.', stopWhen: isStepCount(calls.length + 1) },
  });
  await client.close();
  const [first] = model.doGenerateCalls;
  const last = model.doGenerateCalls.at(-1).prompt;
  return {
    system: JSON.stringify(first.prompt),
    tools: first.tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      schema: inputSchema,
    })),
    results: last
      .filter(({ role }) => role === 'tool')
      .flatMap(({ content }) => content)
      .map(({ output }) => blocksOf(output)),
  };
});

function answerWith(call, step) {
  return {
    content: call
      ? [
          {
            ...{ type: 'tool-call', toolCallId: `call-${step}`, toolName: call.name },
            input: JSON.stringify(call.arguments),
          },
        ]
      : [{ type: 'text', text: 'done' }],
    finishReason: { unified: call ? 'tool-calls' : 'stop', raw: undefined },
    usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } },
    warnings: [],
  };
}

/** A provider sends JSON as its text. */
function blocksOf({ type, value }) {
  if (type !== 'content')
    return [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }];
  return value.map((part) => (part.type === 'text' ? part : { type: 'image', data: part.data.data }));
}
