import { mutation } from './mutation.mjs';

const connection = 'test/rpc/json-rpc/connection.test.ts';
const lines = 'test/rpc/stdio/line-splitter.test.ts';

/** Guards of what a client of `quickscrape rpc` may rely on, and must not be able to do. */
export const RPC_MUTATIONS = [
  mutation(
    'nothing but the protocol reaches stdout',
    ['src/rpc/stdio/reserve-stdout.ts', '  stdout.write = stderr.write.bind(stderr);\n', ''],
    [
      'test/rpc/stdio/reserve-stdout.test.ts',
      'lets only the protocol reach it, whole, and sends the rest to stderr',
    ],
  ),
  mutation(
    'a line without end is not kept',
    ['src/rpc/stdio/line-splitter.ts', '    this.#skipping = true;\n', ''],
    [lines, 'is told once of a line that is too long, before its end has come, and keeps none of it'],
  ),
  mutation(
    'bytes that come one by one are put together',
    ['src/rpc/stdio/line-splitter.ts', 'this.#parts.length > MAX_CHUNKS', 'this.#parts.length < 0'],
    [lines, 'costs little when it comes byte by byte'],
  ),
  mutation(
    'a message of Content-Length that is too large is not kept',
    [
      'src/rpc/stdio/content-length-splitter.ts',
      "if (this.#state === 'body') this.#parts.add(part)",
      'this.#parts.add(part)',
    ],
    ['test/rpc/stdio/content-length-splitter.test.ts', 'keeps nothing of a message that is too large'],
  ),
  mutation(
    'the text of an error that nobody foresaw is not told',
    ['src/rpc/json-rpc/error-responses.ts', "'Internal error'", 'String(error)'],
    [connection, 'that nobody foresaw, %s, is told without its text, which the log has'],
  ),
  mutation(
    'a batch is answered with a list',
    ['src/rpc/json-rpc/handle-message.ts', "`[${responses.join(',')}]`", "responses.join(',')"],
    [connection, 'of one is answered with a list of one, and one of notifications with nothing'],
  ),
  mutation(
    'a notification is never answered',
    ['src/rpc/json-rpc/handle-message.ts', "if (has('id') && !isId(id))", "if (!has('id') || !isId(id))"],
    [
      'test/rpc/json-rpc/fuzz.slow.test.ts',
      'answers broken messages as often as it must, whatever is broken',
    ],
  ),
  mutation(
    'calls that all wait do not shut out the rest in silence',
    [
      'src/rpc/json-rpc/connection.ts',
      'setTimeout(() => this.#waiter?.(false), timeoutMs)',
      'setTimeout(() => {}, timeoutMs)',
    ],
    [connection, 'the next ones are refused, and answers free places'],
  ),
  mutation(
    'calls are told of the end of the input',
    ['src/rpc/json-rpc/connection.ts', '    this.#calls.abortAll();\n', ''],
    [connection, 'calls that wait are told, and give their answers'],
  ),
  mutation(
    'a call that never ends does not keep the server',
    ['src/rpc/json-rpc/connection.ts', '    for (const { giveUp } of this.#calls) giveUp();\n', ''],
    [
      connection,
      'calls that never end are answered with an error, and what follows in their batch is not begun',
    ],
  ),
  mutation(
    'what is told to a slow client does not pile up',
    [
      'src/rpc/access/notifier.ts',
      '    this.#held.delete(subject);\n',
      '    this.#held.set(`${subject} ${this.#held.size}`, change);\n',
    ],
    [
      'test/rpc/access/notifier.test.ts',
      'tells a client that does not keep up the newest of each, once it has caught up',
    ],
  ),
];
