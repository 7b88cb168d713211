import { onTestFinished } from 'vitest';
import { HomeLink, type HomeLinkOptions } from '../../src/workers/home/home-link.ts';
import { MachineLink, type MachineLinkOptions } from '../../src/workers/machine/machine-link.ts';
import { homeQueueId, poolKey, poolKeysOf, workerKey } from '../../src/workers/protocol/keys.ts';
import type { HomeMessage, Start, WorkerLetter } from '../../src/workers/protocol/messages.ts';
import type { RedisAccess, RedisState } from '../../src/workers/protocol/redis-client.ts';
import { waitFor } from '../wait-for.ts';
import type { RedisServer } from './redis-server.ts';

export const MASTER = Buffer.alloc(32, 7);

/** A home's end, and what it hears. */
export class Home {
  readonly letters: WorkerLetter[] = [];
  readonly failed: Start[] = [];
  readonly warnings: string[] = [];
  readonly states: RedisState[] = [];
  readonly link: HomeLink;

  constructor(redis: RedisAccess, master = MASTER, more: Partial<HomeLinkOptions> = {}) {
    const keys = poolKeysOf(master, ['browser', 'eu']);
    this.link = new HomeLink({
      redis,
      homeId: homeQueueId(master),
      workerKey: (name) => (name === 'stranger' ? undefined : workerKey(master, name, 'salt')),
      poolKey: (pool) => poolKey(keys, pool) ?? Buffer.alloc(32),
      onLetter: (letter) => void this.letters.push(letter),
      onForeignProtocol: (worker, protocol) => void this.warnings.push(`${worker}: protocol ${protocol}`),
      onHandOverFailed: (start) => void this.failed.push(start),
      onState: (state) => void this.states.push(state),
      warn: (message) => void this.warnings.push(message),
      ...more,
    });
    this.link.listen();
    onTestFinished(() => this.link.close());
  }

  hears(kind: string, from = 'paris-1'): boolean {
    return this.letters.some(
      ({ worker, messages }) => worker === from && messages.some((message) => message.kind === kind),
    );
  }

  connected(): Promise<unknown> {
    return waitFor('the home to be connected', () => this.link.state.isConnected);
  }
}

/** A worker's end: it executes nothing. */
export class Machine {
  readonly messages: HomeMessage[] = [];
  readonly starts: Start[] = [];
  readonly warnings: string[] = [];
  readonly states: RedisState[] = [];
  executing: string[] = [];
  answer: (start: Start) => Promise<boolean> = () => Promise.resolve(true);
  readonly link: MachineLink;

  constructor(redis: RedisAccess, more: Partial<MachineLinkOptions> = {}, master = MASTER) {
    const name = more.name ?? 'paris-1';
    const tags = more.tags ?? ['browser'];
    this.link = new MachineLink({
      redis,
      homeId: homeQueueId(master),
      name,
      key: workerKey(master, name, 'salt'),
      poolKeys: poolKeysOf(master, tags),
      version: 'test',
      incarnation: 'one',
      slots: 2,
      tags,
      executing: () => this.executing,
      usedSlots: () => this.executing.length,
      onStart: (start) => {
        this.starts.push(start);
        return this.answer(start);
      },
      onMessage: (message) => void this.messages.push(message),
      onCutOff: () => {},
      onState: (state) => void this.states.push(state),
      warn: (message) => void this.warnings.push(message),
      ...more,
    });
    onTestFinished(() => this.link.close());
  }

  connected(): Promise<unknown> {
    return waitFor('the worker to be connected', () => this.link.state.isConnected);
  }
}

/** A home and one worker, both connected. */
export async function pair(server: RedisServer): Promise<{ home: Home; machine: Machine }> {
  const [home, machine] = [new Home(server.access()), new Machine(server.access())];
  await Promise.all([home.connected(), machine.connected()]);
  return { home, machine };
}
