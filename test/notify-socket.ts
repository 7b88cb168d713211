import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { needs } from './platform.ts';
import { waitFor } from './wait-for.ts';

/** Reads datagrams as systemd does, and prints one JSON array of lines each: Node cannot. */
const RECEIVER = `
import json, os, socket, sys
name = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind('\\0' + name[1:] if name.startswith('@') else name)
print('[]', flush=True)
while True:
    print(json.dumps(receiver.recv(65536).decode().splitlines()), flush=True)
`;

/** A service manager of a test's own that listens on a socket: the messages that it has got. */
export class NotifySocket {
  /** Those that changed something: the barrier that `systemd-notify` adds is none. */
  readonly messages: string[][] = [];

  /** @param name a path, or `@` and the name of an abstract socket */
  static async open(name: string): Promise<NotifySocket> {
    needs('linux');
    const socket = new NotifySocket();
    const child = spawn('/usr/bin/python3', ['-c', RECEIVER, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let isOpen = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as string[];
      if (!isOpen) isOpen = true;
      else if (!message.includes('BARRIER=1')) socket.messages.push(message);
    });
    await waitFor(`the socket ${name}`, () => isOpen);
    return socket;
  }

  /** Waits for a line, and gives the message that contains it. */
  message(line: string | RegExp): Promise<string[]> {
    const isMeant = (each: string) => (typeof line === 'string' ? each === line : line.test(each));
    return waitFor(`${line} among ${JSON.stringify(this.messages)}`, () =>
      this.messages.find((message) => message.some(isMeant)),
    );
  }
}
