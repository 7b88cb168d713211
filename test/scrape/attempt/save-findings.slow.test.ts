import { expect, it, onTestFinished } from 'vitest';
import { DAILY, openHome } from '../../core/operations/open-home.ts';
import { quickscrape } from '../../program.ts';
import { Site } from '../site.ts';

it('a run’s warnings are stored with it, also with a failed one: pages for a browser, values that cannot be read', async () => {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  const { workspace, call } = await openHome();
  const yaml = `url: "${site.url('/p')}"
item: li
selectors: { title: b, price: { selector: i, type: price } }
`;
  await workspace.configs.write('page', yaml);
  await workspace.settings.set('browser_path', '/nowhere/chromium');
  await call('create_job', { job_id: 'job', config_name: 'page', schedule: DAILY });
  const run = async () => {
    const { run_id } = (await call('run_job', { job_id: 'job', wait_seconds: 30 })).run;
    return call('get_run', { run_id });
  };
  site.html('/p', '<li><b>one</b><i>£1</i></li>');
  expect(await run()).toMatchObject({ run: { status: 'succeeded' }, warnings: [] });
  site.html('/p', '<li><b>one</b><i>soon</i></li>');
  expect(await run()).toMatchObject({
    run: { status: 'succeeded' },
    warnings: [expect.stringMatching(/^price: "soon" is not a number, so the value is null$/)],
  });
  site.html('/p', '<div id="root"></div><script src="/app.js"></script>');
  const { run: failed, warnings } = await run();
  expect(failed).toMatchObject({ status: 'failed', error: { kind: 'no_items' } });
  expect(warnings).toEqual([expect.stringMatching(/\/p has no rows and .*\/nowhere\/chromium/)]);
  const { stdout } = await quickscrape(['job', 'show', 'job'], { home: workspace.paths.home });
  expect(stdout).toMatch(/Warnings of the last run\n {2}\S+\/p has no rows and/);
});

it('says why a field of data is empty: in the log, the run, the job and the explanation', async () => {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  const { workspace, call } = await openHome();
  await workspace.configs.write(
    'api',
    `url: "${site.url('/api')}"\nitem: "json:$.rows[*]"\nselectors: { title: "json:$.title", price: "json:$.prise" }\n`,
  );
  site.on('/api', (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"rows":[{"title":"a","price":1}]}'),
  );
  await call('create_job', { job_id: 'job', config_name: 'api', schedule: DAILY });
  const { run_id } = (await call('run_job', { job_id: 'job', wait_seconds: 30 })).run;
  const told =
    'price is empty in all items: its selector (json:$.prise) matched nothing: $ is an object with title, price. Did you mean $.price?';
  expect((await call('get_run', { run_id })).warnings).toEqual([told]);
  expect((await call('explain_run', { run_id })).explanation).toContain(
    'price is empty: $ is an object with title, price. Did you mean $.price?',
  );
  const { stdout } = await quickscrape(['job', 'show', 'job'], { home: workspace.paths.home });
  expect(stdout).toContain(told);
  const log = await quickscrape(['job', 'logs', 'job'], { home: workspace.paths.home });
  expect(log.stdout).toContain(`WARN  ${told}`);
});
