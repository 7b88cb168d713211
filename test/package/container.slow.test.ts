import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { needs } from '../platform.ts';
import { waitFor } from '../wait-for.ts';
import { startRegistry } from './local-registry.ts';

const ROOT = resolve('.');
/** The user of the image. */
const USER = { uid: 1000, gid: 1000 };
const isRoot = process.getuid?.() === 0;

interface ComposeService {
  command?: string[];
  secrets?: string[];
  environment?: Record<string, string>;
}

/** The folder that an engine builds from, and what its steps make of it. */
let context: string;
let stages: Map<string, string[]>;
let compose: { services: Record<string, ComposeService>; secrets: Record<string, { file: string }> };
let prefix: string;

beforeAll(async () => {
  if (process.platform !== 'linux') return;
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-test-container-'));
  // The image's user reads what root has installed.
  chmodSync(folder, 0o755);
  const { buildArtefacts } = (await import(`${ROOT}/build/artefacts.mjs`)) as {
    buildArtefacts(names: string[], options: object): Promise<string[]>;
  };
  const module = `${ROOT}/build/artefacts/container.mjs`;
  const { build } = (await import(module)) as { build(options: Record<string, unknown>): Promise<string[]> };
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  const artefact = (name: string) => buildArtefacts([name], { out: folder, isBuilt: true });
  const files = await build({ root: ROOT, out: folder, manifest, artefact, findEngine: () => undefined });
  context = join(folder, 'container');
  expect(files).toContain(join(context, 'Containerfile'));
  stages = readStages(readFileSync(join(context, 'Containerfile'), 'utf8'));
  compose = parse(readFileSync(join(context, 'compose.yaml'), 'utf8'), { merge: true });
  prefix = join(folder, 'opt');
  const registry = await startRegistry();
  for (const step of instructions('package', 'RUN'))
    await promisify(execFile)(
      '/bin/sh',
      ['-ec', step.replaceAll('/tmp/', `${context}/`).replaceAll('/opt/quickscrape', prefix)],
      { env: { ...process.env, npm_config_registry: registry.address } },
    );
  registry.close();
  return () => rmSync(folder, { recursive: true });
});

function readStages(text: string): Map<string, string[]> {
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
  const found = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of lines) {
    const [, name] = /^FROM \S+ AS (\S+)$/.exec(line) ?? [];
    if (name === undefined) {
      current.push(line);
      continue;
    }
    current = [];
    found.set(name, current);
  }
  return found;
}

/** The arguments of a stage's instructions of one kind. */
function instructions(stage: string, kind: string): string[] {
  return (stages.get(stage) ?? [])
    .filter((line) => line.startsWith(`${kind} `))
    .map((line) => line.slice(kind.length + 1));
}

function imageEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH: `${prefix}/bin:${process.env['PATH']}`, QUICKSCRAPE_HOME: home, HOME: home, NO_COLOR: '1' };
}

function folderOf(user: typeof USER): string {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-test-container-home-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  if (isRoot) chownSync(folder, user.uid, user.gid);
  return folder;
}

it('the image is built for an ordinary user, with the home as volume and without secrets', () => {
  needs('linux');
  expect([...stages.keys()]).toEqual(['package', 'base', 'with-browser', 'slim']);
  expect(instructions('base', 'USER')).toEqual(['node']);
  expect(instructions('with-browser', 'USER').at(-1)).toBe('node');
  const [environment = ''] = instructions('base', 'ENV');
  const [, home] = /QUICKSCRAPE_HOME=(\S+)/.exec(environment) ?? [];
  expect(instructions('base', 'VOLUME')).toEqual([home]);
  expect(environment).not.toMatch(/password|secret|token/i);
  expect(readFileSync(join(context, '.dockerignore'), 'utf8')).toContain('secrets');
  expect(readdirSync(context)).toContainEqual(expect.stringMatching(/^quickscrape-jobs-.*\.tgz$/));
  expect(readFileSync(join(prefix, 'lib/node_modules/quickscrape-jobs/dist/installed-from'), 'utf8')).toBe(
    'container',
  );
});

describe.skipIf(!isRoot)('as first process of its own namespace, as an ordinary user', () => {
  it('the scheduler is healthy while it runs, and ends at SIGTERM', async () => {
    needs('linux');
    const home = folderOf(USER);
    const [health = ''] = instructions('base', 'HEALTHCHECK').map((line) => line.replace(/^.*?CMD /, ''));
    const asUser = ['setpriv', `--reuid=${USER.uid}`, `--regid=${USER.gid}`, '--clear-groups'];
    const env = imageEnvironment(home);
    const isHealthy = (within: string[] = []) => {
      const [program = '', ...args] = [...within, ...asUser, ...(JSON.parse(health) as string[])];
      return spawnSync(program, args, { env, stdio: 'ignore' }).status;
    };
    expect(isHealthy()).not.toBe(0);
    const [command = ''] = instructions('base', 'CMD');
    const namespace = ['--pid', '--fork', '--mount-proc', '--kill-child'];
    const child = spawn('unshare', [...namespace, ...asUser, ...(JSON.parse(command) as string[])], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let log = '';
    child.stderr.on('data', (data: Buffer) => {
      log += data.toString();
    });
    await waitFor('the scheduler', () => log.includes('scheduler started: pid 1,'));
    const [first = ''] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ');
    expect(isHealthy(['nsenter', '--target', first, '--pid', '--mount'])).toBe(0);
    process.kill(Number(first), 'SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(log).toContain('scheduler stopped');
    expect(isHealthy()).toBe(1);
  });

  it('a volume of another user is refused in one sentence', () => {
    needs('linux');
    const home = folderOf({ uid: 0, gid: 0 });
    chmodSync(home, 0o755);
    const { status, stderr } = spawnSync(join(prefix, 'bin/quickscrape'), ['scheduler', 'run'], {
      env: imageEnvironment(home),
      encoding: 'utf8',
      ...USER,
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: the folder \S+ of the home cannot be made or read: permission denied\nhint: [^\n]+\n$/,
    );
  });
});

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
}

it('a run goes from the home to a worker, with the commands and secrets of compose.yaml', async () => {
  needs('linux');
  const folder = folderOf(USER);
  chmodSync(folder, 0o755);
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  const port = await freePort();
  const [server = ''] = ['valkey-server', 'redis-server'].filter(hasProgram);
  const env = { ...imageEnvironment(home), HOME: folder };
  for (const { environment = {} } of Object.values(compose.services))
    expect(Object.keys(environment).filter((name) => /password|secret|redis/i.test(name))).toEqual([]);

  // In place of docker compose: `run … home COMMAND` runs the command here, on this machine's addresses.
  const engine = join(folder, 'compose');
  writeFileSync(
    engine,
    `#!/bin/sh
[ "$1" = run ] || exit 0
while [ "$1" != home ]; do shift; done; shift
[ "$5" = redis://valkey:6379 ] && set -- "$1" "$2" "$3" "$4" redis://127.0.0.1:${port}
exec "$@"
`,
    { mode: 0o755 },
  );
  writeFileSync(join(folder, 'setup.sh'), readFileSync(join(context, 'setup.sh')));
  execFileSync('/bin/sh', [join(folder, 'setup.sh')], { env: { ...env, COMPOSE: engine }, stdio: 'pipe' });
  for (const name of compose.services['valkey']?.secrets ?? [])
    expect(readFileSync(join(folder, compose.secrets[name]?.file ?? ''), 'utf8')).toMatch(/^user default/);

  const logs: string[] = [];
  const start = (words: readonly string[], more: readonly string[] = []): ChildProcess => {
    const [program = '', ...args] = [
      ...words.map((word) => word.replace('/run/secrets/', `${folder}/secrets/`)),
      ...more,
    ];
    const child = spawn(program, args, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => logs.push(data.toString()));
    onTestFinished(async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    return child;
  };
  const [, ...valkey] = compose.services['valkey']?.command ?? [];
  start([server, ...valkey], ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]);
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<ul><li><h3>a</h3></li><li><h3>b</h3></li></ul>');
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  onTestFinished(() => void site.close());
  const host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
  start(JSON.parse(instructions('base', 'CMD')[0] ?? '[]'));
  for (const name of ['worker-1', 'worker-2']) {
    const words = (compose.services[name]?.command ?? []).map((word) =>
      word === '/home/node/worker' ? join(folder, name) : word,
    );
    start(words, ['--allow-private', host]);
  }
  const json = (...args: string[]) =>
    JSON.parse(
      execFileSync(join(prefix, 'bin/quickscrape'), [...args, '--json'], {
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  await waitFor(`both workers: ${logs.join('')}`, () => {
    const { workers } = json('worker', 'list') as { workers: { state: string }[] };
    return workers.length === 2 && workers.every(({ state }) => state === 'connected');
  });
  writeFileSync(
    join(home, 'configs/shop.yaml'),
    `url: "http://${host}/"\nitem: li\nselectors:\n  title: h3\n`,
  );
  json('job', 'create', '--config', 'shop', '--cron', '@yearly', '--id', 'shop');
  // Not in one go: the site answers from this process.
  const run = spawn(join(prefix, 'bin/quickscrape'), ['job', 'run', 'shop'], { env, stdio: 'ignore' });
  expect((await once(run, 'exit'))[0]).toBe(0);
  expect(json('job', 'history', 'shop')).toMatchObject({
    runs: [{ status: 'succeeded', items: 2, worker: expect.stringMatching(/^worker-[12]$/) }],
  });
});
