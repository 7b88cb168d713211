import { expect } from 'vitest';
import { it } from '../../extend.ts';
import { gatedConfig } from '../../gated-site.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';
import { connect } from './mcp-clients.ts';
import { ERAS, openRaw, type RawClient } from './raw-client.ts';

const SCHEDULE = { type: 'daily', time: '09:00', timezone: 'UTC' };
const CHANNEL = 'notifications/claude/channel';

interface Content {
  content: string;
  meta: Record<string, string>;
}

const messages = ({ wire }: RawClient) =>
  wire
    .messages()
    .flat()
    .filter(({ method }) => method === CHANNEL)
    .map(({ params }) => params as unknown as Content);

it('tells a client that asked for it when a job begins to fail, once, and when it works again', async ({
  home,
  workspace,
  site,
}) => {
  await workspace.configs.write('books', gatedConfig(site.url));
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'books', schedule: SCHEDULE } }, 'cli');
  const client = await openRaw('legacy', { home, args: ['--channel'] });
  const ran = async () => {
    const { structuredContent } = await client.call('run_job', { job_id: 'mine', wait_seconds: 50 });
    const { run } = structuredContent as { run: { run_id: string; status: string } };
    return run;
  };
  expect((await ran()).status).toBe('succeeded');
  site.answer(404);
  const first = await ran();
  expect(first.status).toBe('failed');
  await waitFor('the message', () => messages(client).length === 1);
  expect((await ran()).status).toBe('failed');
  site.answer(200);
  const last = await ran();
  await waitFor('the other message', () => messages(client).length === 2);
  expect(messages(client)).toEqual([
    {
      content: `Job mine failed: http, run ${first.run_id}. Use explain_run to see why.`,
      meta: { job_id: 'mine', run_id: first.run_id, outcome: 'failed', kind: 'http' },
    },
    {
      content: `Job mine works again, run ${last.run_id}.`,
      meta: { job_id: 'mine', run_id: last.run_id, outcome: 'recovered' },
    },
  ]);
});

it.each(ERAS)('says nothing of it without its flag (%s)', async (era) => {
  const { wire } = await openRaw(era, { home: tempFolder() });
  const [answer] = wire.messages().flat();
  expect(JSON.stringify(answer?.result)).not.toMatch(/claude\/channel|message of the channel/);
});

it('with its flag has clients open with a handshake, without which they take no messages', async ({
  home,
}) => {
  const { wire } = await openRaw('legacy', { home, args: ['--channel'] });
  expect(JSON.stringify(wire.messages())).toContain('"claude/channel"');
  await expect(openRaw('modern', { home, args: ['--channel'] })).rejects.toThrow('Method not found');
  const either = await connect('auto', home, { flags: ['--channel'] });
  expect(either.instructions()).toContain('message of the channel');
  expect(either.instructions()?.length).toBeLessThanOrEqual(2_000);
  expect(await either.tools()).toContainEqual(expect.objectContaining({ name: 'list_jobs' }));
});
