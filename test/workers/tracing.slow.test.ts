import { Queue } from 'bullmq';
import { describe, expect, onTestFinished } from 'vitest';
import { waitFor } from '../wait-for.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { RemoteHome } from './remote-home.ts';
import { SpanCollector } from './span-collector.ts';

const REDIS_PASSWORD = 'password-of-redis';
const SITE_KEY = 'value-of-a-variable';

/** Runs a job on a worker, both ends with these variables, and ends them. */
async function runTraced(variables: Record<string, string>, redis: RedisServer, duringRun = async () => {}) {
  const env = { QUICKSCRAPE_REDIS_PASSWORD: REDIS_PASSWORD, OTEL_BSP_SCHEDULE_DELAY: '100', ...variables };
  const home = await RemoteHome.make(redis);
  await home.jobs(['my-job'], {}, 'headers:\n  X-Key: "${SITE_KEY}"\n  X-Text: text-of-the-configuration\n');
  const scheduler = await home.scheduler({ ...env, SITE_KEY });
  const worker = await home.worker('paris-1', { env });
  await home.joined(worker);
  home.site.hold(3);
  await home.request(['my-job']);
  await waitFor('page 3', () => home.site.waiting() === 1);
  await duringRun();
  home.site.open();
  await home.allEnded(['my-job']);
  home.expectOnce(['my-job']);
  for (const program of [worker, scheduler]) {
    program.signal('SIGTERM');
    expect(await program.ended, program.said()).toBe(0);
  }
  return { home, scheduler, worker };
}

function startRedis(): Promise<RedisServer> {
  return RedisServer.start({ config: [['requirepass', REDIS_PASSWORD]] });
}

describe('with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  itWithRedis('the spans of a home and a worker are joined, and contain nothing of a run', async () => {
    const collector = await SpanCollector.start();
    const { home, scheduler, worker } = await runTraced(
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=key-of-the-collector',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      },
      await startRedis(),
    );
    const spans = collector.spans();
    const handedOver = spans.find(
      ({ service, name }) => service.endsWith('scheduler') && name === 'addBulk runs',
    );
    const taken = spans.find(
      ({ service, parentSpanId }) => service === 'quickscrape-worker' && parentSpanId === handedOver?.spanId,
    );
    expect(handedOver).toMatchObject({ service: 'quickscrape-scheduler' });
    expect(taken).toMatchObject({ name: 'process runs', traceId: handedOver?.traceId });
    expect(spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'add home.letter',
        'process home',
        'add w-paris-1.letter',
        'process w-paris-1',
      ]),
    );
    expect([...collector.paths]).toEqual(['POST /v1/traces']);
    expect(collector.headers.every(({ authorization }) => authorization === 'key-of-the-collector')).toBe(
      true,
    );
    const text = collector.text();
    expect(text).toContain('deployment.environment.name');
    expect(text).toContain('"service.instance.id","value":{"stringValue":"paris-1"}');
    const { runId } = home.run('my-job');
    const forbidden = [
      ...[
        REDIS_PASSWORD,
        SITE_KEY,
        'SITE_KEY',
        'text-of-the-configuration',
        'cookie-of-the-site',
        'row-my-job',
      ],
      ...['my-job', runId, home.site.host, 'key-of-the-collector', home.workspace.paths.home],
    ];
    expect(forbidden.filter((each) => text.includes(each))).toEqual([]);
    // Each message is a trace of its own: none grows as long as a process lives.
    const traces = new Set(spans.map(({ traceId }) => traceId));
    for (const id of traces) expect(spans.filter(({ traceId }) => traceId === id).length).toBeLessThan(10);
    expect(`${scheduler.said()}${worker.said()}`).not.toMatch(/OTEL|traces/);
  });

  itWithRedis('spans go as protobuf by default', async () => {
    const collector = await SpanCollector.start();
    await runTraced({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.address }, await startRedis());
    expect(new Set(collector.headers.map((headers) => headers['content-type']))).toEqual(
      new Set(['application/x-protobuf']),
    );
    expect(collector.text()).toContain('quickscrape-worker');
    expect(collector.text()).toContain('process runs');
  });

  itWithRedis('runs go on without the collector, and the log says so once', async () => {
    const { scheduler, worker } = await runTraced(
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_TIMEOUT: '200' },
      await startRedis(),
    );
    for (const program of [scheduler, worker])
      expect(program.said().match(/127\.0\.0\.1:9 takes no traces/g), program.said()).toHaveLength(1);
  });

  itWithRedis('a message with a trace that is none is read as any other', async () => {
    const collector = await SpanCollector.start();
    const redis = await startRedis();
    const { scheduler } = await runTraced(
      { OTEL_EXPORTER_OTLP_ENDPOINT: collector.address },
      redis,
      async () => {
        const [key = ''] = (await redis.client({ password: REDIS_PASSWORD }).keys('*:home:meta')) as string[];
        const connection = redis.client({ password: REDIS_PASSWORD, retry: true });
        const queue = new Queue('home', {
          connection,
          prefix: key.split(':')[0] ?? '',
          skipVersionCheck: true,
        });
        onTestFinished(async () => {
          await queue.close();
          connection.disconnect();
        });
        for (const metadata of ['{', '7', '[]', '{"traceparent":7}'])
          await queue.add('letter', { w: 'nobody' }, { telemetry: { metadata }, removeOnComplete: true });
        await waitFor('the messages to be read', async () => (await queue.count()) === 0);
      },
    );
    expect(scheduler.said().match(/a letter of nobody was refused/g)).toHaveLength(4);
  });
});

itWithRedis.for([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is not an address'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    'OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf or http/json',
  ],
] as const)('%j: runs go on without traces, and the log says why', async ([variables, why]) => {
  const { scheduler, worker } = await runTraced(
    { ...variables } as Record<string, string>,
    await startRedis(),
  );
  for (const program of [scheduler, worker]) expect(program.said()).toContain(why);
});
