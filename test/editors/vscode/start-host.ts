import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { onTestFinished } from 'vitest';
import { tempFolder } from '../../temp-folder.ts';
import type { HostStart, TreeRow } from './host-process.ts';

export interface Seen {
  messages: string[];
  output: string[];
  panels: { title: string; options: object; webview: { html: string } }[];
  statusBar: { text: string; isShown: boolean };
  contexts: Record<string, unknown>;
  message: string;
  badge?: number;
  diagnostics: Record<string, { message: string; severity: number; range: { start: { line: number } } }[]>;
  open: string[];
}

/** An extension host in a process of its own, with a double of VS Code's API. It ends with the test. */
export async function startHost(start: HostStart) {
  const file = join(tempFolder(), 'host.mjs');
  const bundle = await rolldown({ platform: 'node', input: 'test/editors/vscode/host-process.ts' });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  const child = fork(file, [JSON.stringify(start)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let last = 0;
  const ask = async <T>(name: string, ...args: unknown[]): Promise<T> => {
    last += 1;
    const id = last;
    child.send({ id, name, args });
    for (;;) {
      const [answer] = (await once(child, 'message')) as [{ id: number; value?: T; error?: string }];
      if (answer.id !== id) continue;
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value as T;
    }
  };
  return {
    rows: () => ask<TreeRow[]>('rows'),
    seen: () => ask<Seen>('seen'),
    command: (name: string, job?: string) => ask<void>('command', name, job ?? null),
    commandNames: () => ask<string[]>('commandNames'),
    answer: (value: unknown) => ask<void>('answer', value),
    changeSettings: (settings: Record<string, unknown>) => ask<void>('changeSettings', settings),
    open: (path: string) => ask<void>('open', path),
    edit: (path: string, text: string) => ask<void>('edit', path, text),
    hints: (path: string) => ask<string[]>('hints', path),
    completions: (path: string, line: number, character: number) =>
      ask<string[]>('completions', path, line, character),
    /** Closes the window. @returns the exit code of the host */
    async close(): Promise<number | null> {
      const ended = once(child, 'exit') as Promise<[number | null]>;
      await ask('deactivate');
      return (await ended)[0];
    },
  };
}
