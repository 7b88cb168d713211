import { describe, expect, it } from 'vitest';
import { FRAMINGS } from '../../../src/rpc/json-rpc/serve-json-rpc.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';
import { type Answer, EDGE_CASES, type Expected } from './edge-cases.ts';
import { type Message, startRpc } from './rpc-client.ts';

describe.each(FRAMINGS)('quickscrape rpc, with %s', (framing) => {
  it('answers as the specification of JSON-RPC 2.0 says', async () => {
    const client = startRpc({ home: tempFolder(), framing });
    const wanted: [string, Expected][] = [];
    for (const [what, text, expected] of EDGE_CASES) {
      client.send(text);
      if (expected === 'nothing') continue;
      wanted.push([what, expected]);
      await waitFor(`an answer to ${what}`, () => client.messages().length >= wanted.length);
    }
    expect(await client.end()).toMatchObject({ code: 0 });
    const came = client.messages().map((message, n) => [wanted[n]?.[0] ?? 'nothing', shortly(message)]);
    expect(came).toEqual(wanted);
    expect(client.stderr()).toBe('');
  });
});

function shortly(message: Message | Message[]): Expected {
  return Array.isArray(message) ? message.map(short) : short(message);
}

/** Checks the members that an answer must have and may have, and gives what tells answers apart. */
function short(message: Message): Answer {
  const { id = 'no id', error } = message;
  expect(message).toEqual({
    jsonrpc: '2.0',
    id,
    ...(error === undefined
      ? { result: expect.any(Object) }
      : {
          error: {
            code: expect.any(Number),
            message: expect.stringMatching(/\w/),
            data: expect.objectContaining({ code: expect.any(String) }),
          },
        }),
  });
  return { id, is: error?.code ?? 'result' };
}
