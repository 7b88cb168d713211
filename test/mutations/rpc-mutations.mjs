import { mutation } from './mutation.mjs';

const connection = 'test/rpc/json-rpc/connection.test.ts';
const lines = 'test/rpc/stdio/line-splitter.test.ts';

/** Promises to a client of `quickscrape rpc`, and limits on it. */
export const RPC_MUTATIONS = [
  mutation(
    'nothing but the protocol reaches stdout',
    ['reserveStdout', 'stdout.write = stderr.write.bind(stderr);', ''],
    [
      'test/rpc/stdio/reserve-stdout.test.ts',
      'lets only the protocol reach it, whole, and sends the rest to stderr',
    ],
  ),
  mutation(
    'a line without end is not kept',
    ['LineSplitter.#take', 'this.#skipping = true;', ''],
    [lines, 'reports a line that is too long once, before its end has come, and keeps none of it'],
  ),
  mutation(
    'bytes that come one by one are put together',
    ['MessageBuffer.add', 'this.#parts.length > MAX_CHUNKS', 'this.#parts.length < 0'],
    [lines, 'costs little when it comes byte by byte'],
  ),
  mutation(
    'a message of Content-Length that is too large is not kept',
    [
      'ContentLengthSplitter.#takeBody',
      "if (this.#state === 'body') this.#parts.add(part)",
      'this.#parts.add(part)',
    ],
    ['test/rpc/stdio/content-length-splitter.test.ts', 'keeps nothing of a message that is too large'],
  ),
  mutation(
    'the text of an unforeseen error is not sent',
    ['toErrorResponse', "'Internal error'", 'String(error)'],
    [connection, 'that was not foreseen, %s, is answered without its text, which is in the log'],
  ),
  mutation(
    'a batch is answered with a list',
    ['handleMessage', "`[${responses.join(',')}]`", "responses.join(',')"],
    [connection, 'of one is answered with a list of one, and one of notifications with nothing'],
  ),
  mutation(
    'a notification is never answered',
    ['validateRequest', "if (has('id') && !isId(id))", "if (!has('id') || !isId(id))"],
    ['test/rpc/json-rpc/fuzz.slow.test.ts', 'answers every broken message that needs an answer'],
  ),
  mutation(
    'calls that all wait do not shut out the rest in silence',
    [
      'MessageLimiter.#wait',
      'setTimeout(() => this.#waiter?.(false), timeoutMs)',
      'setTimeout(() => {}, timeoutMs)',
    ],
    [connection, 'the next ones are refused, and answers free places'],
  ),
  mutation(
    'calls are aborted at the end of the input',
    ['Connection.end', 'this.#calls.abortAll();', ''],
    [connection, 'waiting calls are told, and give their answers'],
  ),
  mutation(
    'a call that never ends does not keep the server',
    ['InFlightCalls.giveUp', 'for (const { giveUp } of this.#calls) giveUp();', ''],
    [
      connection,
      'calls that never end are answered with an error, and what follows in their batch is not begun',
    ],
  ),
  mutation(
    'notifications to a slow client do not pile up',
    [
      'Notifier.#hold',
      'this.#held.delete(subject);',
      'this.#held.set(`${subject} ${this.#held.size}`, change);',
    ],
    [
      'test/rpc/access/notifier.test.ts',
      'sends a slow client the newest change of each once it has caught up',
    ],
  ),
];
