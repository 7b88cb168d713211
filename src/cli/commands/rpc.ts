import { type Command, Option } from 'commander';
import { sanitizeLines } from '../../core/lib/terminal-text.ts';
import type { Framing } from '../../rpc/json-rpc/serve-json-rpc.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { EXIT } from '../context/exit-codes.ts';
import { exitWhenDetached } from '../context/exit-when-detached.ts';

import { addPolicyFlags, type PolicyFlags, policyFromFlags } from '../flags/policy-flags.ts';

interface Flags extends PolicyFlags {
  framing: Framing;
}

export function rpcCommand(): Command {
  const command = leafCommand('rpc', {
    description:
      'Serve a program, such as an editor’s plugin, with JSON-RPC 2.0 on stdin and stdout. Every operation is a method of the same name; subscribe sends notifications of changes. Logs go to stderr. Ends with its input.',
    json: 'nothing: on stdout there are only the messages of the protocol',
    examples: [
      [`rpc <<< '{"jsonrpc":"2.0","id":1,"method":"list_jobs"}'`, 'one question, one answer'],
      ['rpc --framing content-length --read-only', 'for an LSP-style client that may only look'],
    ],
  }).addOption(
    new Option('--framing <framing>', 'one message a line, or headers as in the Language Server Protocol')
      .choices(['lines', 'content-length'])
      .default('lines'),
  );
  return onCommand<[], Flags>(addPolicyFlags(command), async (context, _, flags) => {
    await exitWhenDetached(context);
    const { reserveStdout } = await import('../../rpc/stdio/reserve-stdout.ts');
    const output = reserveStdout();
    const { serveJsonRpc } = await import('../../rpc/json-rpc/serve-json-rpc.ts');
    if (process.stdin.isTTY)
      context.printMessage('Waiting for JSON-RPC 2.0 messages. Ctrl-D ends; see quickscrape rpc --help.');
    const ending = await serveJsonRpc({
      home: context.globals.home,
      framing: flags.framing,
      policy: policyFromFlags(flags),
      output,
      signal: context.interrupt.signal,
      log: (message) => context.printMessage(sanitizeLines(message)),
    });
    // A call that was abandoned may still hold resources; they must not keep the process alive.
    setTimeout(() => process.exit(), 300).unref();
    if (ending === 'input_lost') return EXIT.usage;
    return context.interrupt.code === EXIT.interrupted ? EXIT.interrupted : EXIT.done;
  });
}
