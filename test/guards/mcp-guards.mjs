import { guard } from './guard.mjs';

const transport = 'test/rpc/mcp/line-transport.test.ts';

/** Guards of what a client of `quickscrape mcp` may rely on. */
export const MCP_GUARDS = [
  guard(
    'nothing that the SDK would drop is passed on to it',
    [
      'src/rpc/mcp/message-shape.ts',
      '!isUnderstood(knownMembers(message)) ? NOT_AS_MCP_HAS_IT : undefined',
      '!isUnderstood(knownMembers(message)) ? undefined : undefined',
    ],
    ['test/rpc/mcp/message-shape.test.ts', 'lets nothing through that the SDK drops without a word'],
  ),
  guard(
    'a message is passed on without what the SDK would drop it for',
    ['src/rpc/mcp/message-shape.ts', 'MEMBERS.includes(name)', 'MEMBERS.includes(name) || true'],
    ['test/rpc/mcp/message-shape.test.ts', 'passes on a message with a member that nobody knows, without it'],
  ),
  guard(
    'a request that nobody answers does not keep the server after the end of input',
    [
      'src/rpc/mcp/line-transport.ts',
      '    this.#givingUp = setTimeout(() => this.#giveUp(), this.#patienceMs);\n',
      '',
    ],
    [
      transport,
      'answers with an error what nobody has answered for as long as it was told to wait, and nothing after that',
    ],
  ),
  guard(
    'what is said to be told of is told of by then',
    [
      'src/rpc/mcp/line-transport.ts',
      '    const before = this.#owner.beforeRequest(method);\n',
      '    void this.#owner.beforeRequest(method)?.catch(() => {});\n    const before = undefined as Promise<void> | undefined;\n',
    ],
    [
      transport,
      'holds a request back until what it needs is there, but no other one; refuses it when it cannot be had',
    ],
  ),
  guard(
    'a question to a client that has gone is not waited for',
    [
      'src/rpc/mcp/line-transport.ts',
      '    for (const refusal of this.#open.refusals()) this.onmessage?.(refusal);\n',
      '',
    ],
    [
      transport,
      'answers in place of a client that has gone what the client was asked, before and afterwards',
    ],
  ),
  guard(
    'an id that waits twice is answered twice before the end',
    ['src/rpc/mcp/open-requests.ts', '(this.#byClient.get(id) ?? 0) + 1', '1'],
    [transport, 'closes after the end of input when everything is answered, an id that came twice two times'],
  ),
  guard(
    'answers are counted in bytes',
    [
      'src/rpc/mcp/fit-answer.ts',
      "return Buffer.byteLength(JSON.stringify(value) ?? '');",
      "return (JSON.stringify(value) ?? '').length;",
    ],
    [
      'test/rpc/mcp/fit-answer.test.ts',
      'fits whatever stands in it, counted in bytes, and says how to get the rest',
    ],
  ),
  guard(
    'a person is asked in no words of the caller',
    ['src/rpc/mcp/consent-question.ts', '    jobs.get(String(job_id)) &&\n', ''],
    ['test/rpc/mcp/consent-question.test.ts', 'is about what is there, and none in the words of the caller'],
  ),
];
