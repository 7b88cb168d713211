// The agents of OpenAI.
import { Agent, MCPServerStdio, run, setTracingDisabled } from '@openai/agents';
import { printConversation } from './conversation.mjs';
import { openAiResponse, startModel } from './stand-in-model.mjs';

await printConversation(async ({ server, calls }) => {
  setTracingDisabled(true);
  const model = await startModel(openAiResponse, calls);
  process.env['OPENAI_BASE_URL'] = model.url;
  process.env['OPENAI_API_KEY'] = 'none';
  const tools = new MCPServerStdio(server);
  await tools.connect();
  const agent = new Agent({
    ...{ name: 'agent', model: 'gpt-5', mcpServers: [tools] },
    mcpConfig: { convertSchemasToStrict: true },
  });
  await run(agent, 'Go on.', { maxTurns: calls.length + 1 });
  await tools.close();
  model.close();
  const [first] = model.requests;
  const results = model.requests.at(-1).input.filter(({ type }) => type === 'function_call_output');
  return {
    system: first.instructions ?? '',
    tools: first.tools.map(({ name, description, parameters }) => ({
      name,
      description,
      schema: parameters,
    })),
    results: results.map(({ output }) => blocksOf(output)),
  };
});

function blocksOf(output) {
  const parts = typeof output === 'string' ? [{ type: 'input_text', text: output }] : output;
  return parts.map((part) =>
    part.type === 'input_image'
      ? { type: 'image', data: part.image_url.replace(/^.*,/, '') }
      : { type: 'text', text: part.text },
  );
}
