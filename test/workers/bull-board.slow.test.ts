import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, type TestAPI, test } from 'vitest';
import { quickscrape } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { RemoteHome } from './remote-home.ts';

const TOOLS = fileURLToPath(new URL('../conformance/', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/how-to/more-machines.md', import.meta.url));
const PASSWORD = 'password-of-redis';
const SECRET = 'value-of-a-variable';
const JOBS = ['a-job', 'b-job', 'c-job', 'd-job', 'e-job'];
const STATUSES = ['latest', 'active', 'waiting', 'delayed', 'completed', 'failed'];

/** The tools are installed by `.ci/run`; elsewhere the test is skipped without them. */
const itWithBoard: TestAPI = existsSync(join(TOOLS, 'node_modules/@bull-board/express'))
  ? itWithRedis
  : (test.skip as unknown as TestAPI);

interface BoardQueue {
  name: string;
  counts: Record<string, number>;
  jobs: { id: string; name: string; data: Record<string, unknown> }[];
}

/** The board of docs/how-to/more-machines.md, in a process of its own. */
class Board {
  readonly #address: string;

  private constructor(port: number) {
    this.#address = `http://127.0.0.1:${port}`;
  }

  static async start(args: readonly string[]): Promise<Board> {
    const folder = tempFolder(TOOLS);
    const port = await freePort();
    const [, program = ''] = /^`board\.mjs`:\n\n```js\n(.*?)^```$/ms.exec(readFileSync(PAGE, 'utf8')) ?? [];
    expect(program).toContain('listen(3000,');
    writeFileSync(join(folder, 'board.mjs'), program.replace('listen(3000,', `listen(${port},`));
    const env = { ...process.env, QUICKSCRAPE_REDIS_PASSWORD: PASSWORD };
    const child: ChildProcess = spawn(process.execPath, [join(folder, 'board.mjs'), ...args], {
      env,
      stdio: 'inherit',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const board = new Board(port);
    await waitFor('the board', () =>
      board.queues().then(
        () => true,
        () => false,
      ),
    );
    return board;
  }

  async queues(active = '', status = 'latest'): Promise<BoardQueue[]> {
    const query = new URLSearchParams({ activeQueue: active, status, jobsPerPage: '50' });
    const response = await fetch(`${this.#address}/api/queues?${query}`);
    return ((await response.json()) as { queues: BoardQueue[] }).queues;
  }

  /** The jobs of all queues and states. */
  async jobs(): Promise<BoardQueue['jobs']> {
    const found: BoardQueue['jobs'] = [];
    for (const { name } of await this.queues())
      for (const status of STATUSES)
        for (const { jobs } of await this.queues(name, status)) found.push(...jobs);
    return found;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

itWithBoard('bull-board shows the queues of a home, what waits in them, and nothing of a run', async () => {
  const redis = await RedisServer.start({ config: [['requirepass', PASSWORD]] });
  const home = await RemoteHome.make(redis, { executor_ahead: 2 });
  await home.jobs(JOBS, {}, 'headers:\n  X-Key: "${SITE_KEY}"\n  X-Text: text-of-the-configuration\n');
  const env = { QUICKSCRAPE_REDIS_PASSWORD: PASSWORD };
  await home.scheduler({ ...env, SITE_KEY: SECRET });
  const worker = await home.worker('paris-1', { slots: 1, tags: ['browser', 'eu'], env });
  await home.joined(worker);
  home.site.hold(3);
  await home.request(JOBS);
  const status = await quickscrape(['scheduler', 'status', '--json'], { home: home.workspace.paths.home });
  const { prefix } = (JSON.parse(status.stdout) as { executor: { prefix: string } }).executor;
  expect(prefix).toMatch(/^\{qs-[\da-f]{12}\}$/);
  const names = ['home', 'runs', 'runs-browser.eu', 'w-paris-1'];
  const board = await Board.start([redis.socket, prefix, ...names]);
  const counts = async () =>
    Object.fromEntries((await board.queues()).map((queue) => [queue.name, queue.counts]));
  expect(Object.keys(await counts())).toEqual(names.map((name) => `${prefix}:${name}`));
  // One run is executed, and two starts are ahead; the others wait at home.
  const runs = `${prefix}:runs`;
  await waitFor('two starts in Redis', async () => {
    const { waiting, active } = (await counts())[runs] ?? {};
    return waiting === 2 && active === 0;
  });
  const client = redis.client({ password: PASSWORD, retry: true });
  onTestFinished(() => client.disconnect());
  // What KEDA's scaler asks for.
  expect([await client.type(`${runs}:wait`), await client.llen(`${runs}:wait`)]).toEqual(['list', 2]);
  const seen = new Map<string, BoardQueue['jobs'][number]>();
  const look = async () => {
    for (const job of await board.jobs()) seen.set(`${job.name} ${job.id}`, job);
  };
  await look();
  expect([...seen.values()].filter(({ name }) => name === 'start')).toHaveLength(2);
  home.site.slow(200);
  home.site.open();
  while (home.run('e-job').status !== 'succeeded') await look();
  await home.allEnded(JOBS);
  home.expectOnce(JOBS);
  const jobs = [...seen.values()].filter(({ name }) => name !== 'echo');
  expect(new Set(jobs.map(({ name }) => name))).toEqual(new Set(['start', 'letter']));
  for (const { data } of jobs) expect(['s', 's,w']).toContain(Object.keys(data).sort().join());
  const forbidden = [
    ...[PASSWORD, SECRET, 'SITE_KEY', 'text-of-the-configuration', 'cookie-of-the-site', 'row-', '-job'],
    ...[home.site.host, home.run('a-job').runId, home.workspace.paths.home],
  ];
  expect(forbidden.filter((text) => JSON.stringify(jobs).includes(text))).toEqual([]);
  await waitFor('the queues to be empty', async () => {
    const all = Object.values(await counts()).flatMap((each) => Object.values(each));
    return all.every((count) => count === 0);
  });
  // The board has changed no option of a queue.
  expect(await client.hget(`${runs}:meta`, 'opts.maxLenEvents')).toBe('100');
  expect(await client.exists(`${prefix}:runs-browser.eu:meta`)).toBe(0);
});
