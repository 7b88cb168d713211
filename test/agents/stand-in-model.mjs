import { createServer } from 'node:http';

/**
 * The API of a vendor of models on loopback, which calls one tool after the other and then says "done".
 * @param {(body: any, call: {name: string, arguments: object} | undefined, response: import('node:http').ServerResponse) => void} answer
 *   answers a request with the next call, or with "done"
 * @param {({name: string, arguments: object} | ((body: any) => {name: string, arguments: object}))[]} calls a function
 *   makes a call of what the request says
 */
export async function startModel(answer, calls) {
  /** @type {any[]} */
  const requests = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = text === '' ? {} : JSON.parse(text);
    // Programs also ask for other things, such as a title of the conversation; these have no tools.
    if (request.method !== 'POST' || !(body.tools?.length > 0)) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end('{"type":"error","error":{"type":"not_found_error","message":"not here"}}');
      return;
    }
    requests.push(body);
    const call = calls[requests.length - 1];
    answer(body, typeof call === 'function' ? call(body) : call, response);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, requests, close: () => server.closeAllConnections() };
}

/** Messages of Anthropic, as a stream of events. */
export function anthropicMessage(body, call, response) {
  const id = `${body.messages.length}`;
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model: body.model,
    content: [],
    usage,
  };
  const [block, delta] = call
    ? [
        { type: 'tool_use', id: `toolu_${id}`, name: call.name, input: {} },
        { type: 'input_json_delta', partial_json: JSON.stringify(call.arguments) },
      ]
    : [
        { type: 'text', text: '' },
        { type: 'text_delta', text: 'done' },
      ];
  const stop = { stop_reason: call ? 'tool_use' : 'end_turn', stop_sequence: null };
  const events = [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: stop, usage },
    { type: 'message_stop' },
  ];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(events.map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join(''));
}

/** Responses of OpenAI. */
export function openAiResponse(body, call, response) {
  const id = `${body.input.length}`;
  const item = call
    ? {
        ...{ type: 'function_call', id: `fc_${id}`, call_id: `call_${id}`, status: 'completed' },
        ...{ name: call.name, arguments: JSON.stringify(call.arguments) },
      }
    : {
        ...{ type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed' },
        content: [{ type: 'output_text', text: 'done', annotations: [] }],
      };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      ...{ id: `resp_${id}`, object: 'response', created_at: 0, status: 'completed', model: body.model },
      output: [item],
      usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
    }),
  );
}
