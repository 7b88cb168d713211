import type { EventEmitter } from 'node:events';
import { runCli } from '../../src/cli/program.ts';
import type { CommandResult } from '../program.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let turn: Promise<unknown> = Promise.resolve();

/**
 * Carries out a command line on a home within this process, from the sources: to start Node for each takes longer than
 * most commands. One after the other, as they share the streams. Signals, input and the end of a process are not tested
 * like this, but with `quickscrape` of program.ts.
 */
export function inProcess(args: readonly string[], home: string): Promise<CommandResult> {
  const said = turn.then(() => runInProcess(args, home));
  turn = said.catch(() => {});
  return said;
}

async function runInProcess(args: readonly string[], home: string): Promise<CommandResult> {
  const emitters: [EventEmitter, string][] = [
    ...SIGNALS.map((signal): [EventEmitter, string] => [process, signal]),
    [process.stdout, 'error'],
    [process.stderr, 'error'],
  ];
  const heard = emitters.map(([emitter, event]) => emitter.listeners(event));
  const environment = { QUICKSCRAPE_HOME: home, NO_COLOR: '1' };
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  const stdout = catchText(process.stdout);
  const stderr = catchText(process.stderr);
  Object.assign(process.env, environment);
  process.exitCode = undefined;
  try {
    await runCli(args);
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.exitCode = undefined;
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    stdout.restore();
    stderr.restore();
    for (const [at, [emitter, event]] of emitters.entries())
      for (const listener of emitter.listeners(event))
        if (!heard[at]?.includes(listener)) emitter.removeListener(event, listener as () => void);
  }
}

/** What is written to a stream, until it is restored. */
function catchText(stream: NodeJS.WriteStream) {
  const write = stream.write;
  let text = '';
  stream.write = (data: string | Uint8Array, ...rest: unknown[]) => {
    text += typeof data === 'string' ? data : Buffer.from(data).toString();
    const done = rest.findLast((one) => typeof one === 'function');
    if (done) (done as () => void)();
    return true;
  };
  return {
    text: () => text,
    restore() {
      stream.write = write;
    },
  };
}
