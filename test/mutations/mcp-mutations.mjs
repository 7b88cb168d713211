import { mutation } from './mutation.mjs';

const transport = 'test/rpc/mcp/line-transport.test.ts';

/** Promises to a client of `quickscrape mcp`. */
export const MCP_MUTATIONS = [
  mutation(
    'nothing that the SDK would drop is passed on to it',
    ['validateMessage', '? INVALID_META', '? undefined'],
    ['test/rpc/mcp/validate-message.test.ts', 'lets nothing through that the SDK drops silently'],
  ),
  mutation(
    'a message is passed on without members that would make the SDK drop it',
    ['dropUnknownMembers', 'MEMBERS.includes(name)', 'MEMBERS.includes(name) || true'],
    ['test/rpc/mcp/validate-message.test.ts', 'passes on a message without its unknown members'],
  ),
  mutation(
    'an unanswered request does not keep the server after the end of input',
    [
      'LineTransport.#closeWhenAllAnswered',
      'this.#drainTimer = setTimeout(() => this.#abandonPending(), this.#patienceMs);',
      '',
    ],
    [transport, 'answers with an error what is unanswered after its timeout, and nothing after that'],
  ),
  mutation(
    'a request waits for its preparation',
    [
      'LineTransport.#takeRequest',
      'const before = this.#hooks.beforeRequest(method);',
      `void this.#hooks.beforeRequest(method)?.catch(() => {});
const before = undefined as Promise<void> | undefined;`,
    ],
    [
      transport,
      'holds a request back until its preparation is done, but no other one, and refuses it when that fails',
    ],
  ),
  mutation(
    'a question to a client that has gone is not waited for',
    ['LineTransport.#end', 'for (const refusal of this.#pending.refusals()) this.onmessage?.(refusal);', ''],
    [transport, 'answers for a client that has gone what it was asked, before and afterwards'],
  ),
  mutation(
    'an id that waits twice is answered twice before the end',
    ['PendingRequests.askedByClient', '(this.#byClient.get(id) ?? 0) + 1', '1'],
    [transport, 'closes after the end of input when everything is answered, an id that came twice two times'],
  ),
  mutation(
    'answers are counted in bytes',
    [
      'sizeOf',
      "return Buffer.byteLength(JSON.stringify(value) ?? '');",
      "return (JSON.stringify(value) ?? '').length;",
    ],
    [
      'test/rpc/mcp/truncate-result.test.ts',
      'fits with any content, counted in bytes, and says how to get the rest',
    ],
  ),
  mutation(
    'a person is asked in no words of the caller',
    ['QUESTIONS.delete_job', 'jobs.get(String(job_id)) &&', ''],
    ['test/rpc/mcp/consent-question.test.ts', 'describes what exists, and never in the words of the caller'],
  ),
];
