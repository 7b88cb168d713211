import { expect, onTestFinished } from 'vitest';
import { it as plainIt } from '../../extend.ts';
import { openChangingShop } from '../../sandbox/changing-shop.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { waitFor } from '../../wait-for.ts';
import { connect } from './mcp-clients.ts';
import { ScriptedAssistant } from './scripted-assistant.ts';
import { SCENES, type Stage } from './task-scenes.ts';

/**
 * Five tasks by a script in place of a model. It knows what the person said and what tools answer: neither the site's
 * markup, nor ids, nor files. The comment of each step says which answer, or which description, allows it.
 */
const it = plainIt.extend('play', async ({ home }) => {
  return async (scene: keyof typeof SCENES) => {
    const shop = await openChangingShop();
    const workspace = openTempWorkspace({ home, actor: 'cli' });
    const client = await connect('pinned', home, { flags: ['--allow-private-hosts', '127.0.0.1'] });
    onTestFinished(async () => {
      await client.call('stop_scheduler', { force: true });
    });
    const stage: Stage = { workspace, shop, call: client.call };
    await SCENES[scene](stage);
    return { workspace, shop, assistant: await ScriptedAssistant.begin(client) };
  };
});

interface Run {
  run_id: string;
  status: string;
  items: number;
}

it('a: "Collect the 1,000 books of this address, daily at nine in Berlin; run it now: what do they cost?"', async ({
  play,
  annotate,
}) => {
  const { assistant, shop } = await play('a');
  // The instructions: "New configuration: propose_config, then test_config, then save_config."
  const proposed = await assistant.call<{ yaml: string; choices: { count: number }[] }>('propose_config', {
    url: shop.url,
  });
  // The comments in yaml: max_pages is "how many of them to read"; delays are seconds between two requests, and the
  // person says that the shop is their own. A page has `count` rows.
  const pages = Math.ceil(1_000 / (proposed.choices[0]?.count ?? 1));
  const yaml = proposed.yaml
    .replace(/max_pages: \d+/, `max_pages: ${pages}`)
    .replace(/value: \d+/, 'value: 0');
  const tried = await assistant.call<{ items: number; error: unknown; matches: { matched: number }[] }>(
    'test_config',
    { yaml, sample_items: 1 },
  );
  expect(tried.error ?? null).toBeNull();
  expect(tried.items).toBeGreaterThan(0);
  expect(tried.matches.every(({ matched }) => matched > 0)).toBe(true);
  const { config_name } = await assistant.call<{ config_name: string }>('save_config', {
    config_name: 'books',
    yaml,
  });
  // The description of create_job's schedule: "daily: time (HH:MM) … timezone: Europe/Berlin".
  const created = await assistant.call<{ job: { id: string }; next_runs: string[]; note?: string }>(
    'create_job',
    {
      config_name,
      schedule: { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' },
    },
  );
  expect(created.next_runs[0]).toContain('T09:00:00.000+');
  // Without a scheduler, the note would name start_scheduler.
  expect(created.note).toBeUndefined();
  // The instructions: "Run now: run_job with wait_seconds up to 50."
  const { run } = await assistant.call<{ run: Run }>('run_job', { job_id: created.job.id, wait_seconds: 50 });
  expect(run).toMatchObject({ status: 'succeeded', items: 1_000 });
  // The description of list_items: "Rows of a run: filter, sort, page, and stats per field." The names are those of yaml.
  const read = await assistant.call<{
    total: number;
    items: object[];
    stats: { field: string; numbers: number; min: number; median: number; max: number }[];
  }>('list_items', { run_id: run.run_id, fields: ['title', 'price'], sort: 'price', limit: 3, stats: true });
  expect(read).toMatchObject({
    total: 1_000,
    items: [{ title: expect.any(String), price: '£9.85' }, {}, {}],
  });
  expect(read.stats.find(({ field }) => field === 'price')).toMatchObject({
    numbers: 1_000,
    min: 9.85,
    median: 35.02,
    max: 66.1,
  });
  await annotate(assistant.figures);
  expect(assistant.called.length).toBeLessThanOrEqual(6);
  expect(assistant.tokens).toBeLessThanOrEqual(2_100);
});

it('b: "The job books finds nothing since the shop was rebuilt. Repair it."', async ({ play, annotate }) => {
  const { assistant } = await play('b');
  // The description of list_runs: "Past and waiting runs of one job or of all, newest first."
  const { runs } = await assistant.call<{ runs: Run[] }>('list_runs', { job_id: 'books', limit: 1 });
  const run_id = runs[0]?.run_id;
  // The description of explain_run: "First call for a failing job".
  const { changes, next } = await assistant.call<{
    changes: Record<string, unknown>;
    next: { operation: string; params: Record<string, unknown> }[];
  }>('explain_run', { run_id });
  // The answer's `next` has the calls: test_config with changes, "with the same changes" save_config, and run_job.
  const [test, save, again] = next;
  expect(next.map(({ operation }) => operation)).toEqual(['test_config', 'save_config', 'run_job']);
  const tried = await assistant.call<{ items: number; error: unknown }>('test_config', { ...test?.params });
  expect(tried.error ?? null).toBeNull();
  expect(tried.items).toBeGreaterThan(0);
  await assistant.call('save_config', { ...save?.params, changes });
  const { run } = await assistant.call<{ run: Run }>('run_job', { ...again?.params });
  expect(run).toMatchObject({ status: 'succeeded', items: 40 });
  await annotate(assistant.figures);
  expect(assistant.called.length).toBeLessThanOrEqual(5);
  // A third of the 5,200 that it took when the whole text was sent twice, and no operation saw the page.
  expect(assistant.tokens).toBeLessThanOrEqual(1_730);
});

it('c: "Why did the job books not run this morning? Get it going again."', async ({ play, annotate }) => {
  const { assistant, workspace } = await play('c');
  // The description of get_job: "… and why it does or does not run."
  const { explanation } = await assistant.call<{ explanation: string[] }>('get_job', { job_id: 'books' });
  const [why = '', missed] = explanation;
  expect(why).toMatch(/^It does not run by itself: no scheduler is running, since /);
  expect(missed).toMatch(/passed with no scheduler; when one starts, the latest missed one is caught up/);
  // The reason names the call.
  const [operation = ''] = assistant.toolsIn(why);
  const { running } = await assistant.call<{ running: boolean }>(operation, {});
  expect(running).toBe(true);
  // The missed run is there, or is about to be.
  const after = await assistant.call<{ explanation: string[] }>('get_job', { job_id: 'books' });
  expect(after.explanation.join(' ')).toMatch(/caught up|is queued|Starting|Running since/);
  await waitFor('the run that was caught up', () =>
    workspace.runs
      .list({ jobId: 'books', limit: 1 })
      .runs.find(({ status, trigger }) => status === 'succeeded' && trigger === 'catch_up'),
  );
  await annotate(assistant.figures);
  expect(assistant.called.length).toBeLessThanOrEqual(6);
  expect(assistant.tokens).toBeLessThanOrEqual(1_300);
});

it('d: "Six jobs of shop.example fail. Disable them, and leave the others alone."', async ({
  play,
  annotate,
}) => {
  const { assistant, workspace } = await play('d');
  // The description of the filter: "Such as state:bad host:shop.example !tag:x".
  const filter = 'state:bad host:shop.example';
  const found = await assistant.call<{ jobs: { job_id: string }[]; total: number }>('list_jobs', { filter });
  expect(found.total).toBe(6);
  const job_ids = found.jobs.map(({ job_id }) => job_id);
  // The description of update_jobs: "… by job_ids …, and answers each."
  const done = await assistant.call<{ changed: { job_id: string; fields: string[] }[]; failed: object[] }>(
    'update_jobs',
    { job_ids, changes: { enabled: false } },
  );
  expect(done.failed).toEqual([]);
  expect(done.changed).toMatchObject(job_ids.map((job_id) => ({ job_id, fields: ['enabled'] })));
  const disabled = workspace.jobs
    .list()
    .flatMap((job) => (job.kind === 'valid' && !job.record.definition.enabled ? [job.id] : []));
  expect(disabled).toEqual(job_ids);
  await annotate(assistant.figures);
  expect(assistant.called.length).toBeLessThanOrEqual(6);
  // A third of what it took when list_jobs knew no host and update_job one job.
  expect(assistant.tokens).toBeLessThanOrEqual(1_030);
});

it('e: "How have the prices of the job books changed since yesterday? Which ones most?"', async ({
  play,
  annotate,
}) => {
  const { assistant } = await play('e');
  // The description of list_runs: "newest first".
  const { runs } = await assistant.call<{ runs: Run[] }>('list_runs', { job_id: 'books', limit: 2 });
  // The description of compare_runs: "Compares the items of a run with an earlier run: … figures by field".
  const [today, yesterday] = runs;
  interface Compared {
    changed: number;
    by_field: Record<
      string,
      { up: number; down: number; median_percent: number; largest: { percent: number } }
    >;
    examples: { before: object; after: object }[];
    next_cursor: string;
  }
  const question = {
    run_id: today?.run_id,
    with_run_id: yesterday?.run_id,
    fields: ['title', 'price'],
    sort: 'change',
  };
  const compared = await assistant.call<Compared>('compare_runs', question);
  const { up = 0, down = 0, largest } = compared.by_field['price'] ?? {};
  expect(up + down).toBe(compared.changed);
  expect(largest).toMatchObject({ percent: expect.any(Number) });
  expect(compared.examples.length).toBeGreaterThanOrEqual(5);
  for (const { before, after } of compared.examples) {
    expect(Object.keys(before)).toEqual(['price']);
    expect(Object.keys(after).sort()).toEqual(['price', 'title']);
  }
  // The summary: "more with cursor".
  const more = await assistant.call<Compared>('compare_runs', { ...question, cursor: compared.next_cursor });
  expect(more.examples[0]).not.toEqual(compared.examples[0]);
  await annotate(assistant.figures);
  expect(assistant.called.length).toBeLessThanOrEqual(6);
  expect(assistant.tokens).toBeLessThanOrEqual(1_600);
});
