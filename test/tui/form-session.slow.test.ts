import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { callOperation } from '../../src/core/operations/call-operation.ts';
import { startArticleSite } from '../article-site.ts';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn, type TestTerminal } from './terminal.ts';

const CTRL_S = '\u0013';
const CTRL_T = '\u0014';
const TAB = '\t';

async function picture(terminal: TestTerminal, name: string): Promise<void> {
  if (process.env['TUI_PICTURES']) await terminal.picture(`/tmp/tui-forms-${name}.png`);
}

function agentIn(home: string) {
  const workspace = openTempWorkspace({ home, actor: 'mcp' });
  return workspace;
}

it('makes a weekday job by keys alone: tries its configuration, sees its next runs, looks at it, stores it', async () => {
  const site = await startArticleSite();
  const home = await homeWithJobs(1);
  const agent = agentIn(home);
  await agent.configs.write('news', `url: ${site.url}\nitem: article\nselectors: { title: h2 }\n`);
  const terminal = openDashboardIn(home, { columns: 120, rows: 32 });
  await terminal.waitFor('job-0000');
  terminal.send('n');
  await terminal.waitFor('config name');
  await picture(terminal, '1-new');
  terminal.send('\rnew\r');
  await terminal.waitFor(/config name +news/);
  terminal.send(CTRL_T);
  await terminal.waitFor('title: First headline');
  await picture(terminal, '2-test');
  terminal.send('\u001b');
  await terminal.waitFor((screen) => !screen.includes('First headline'));
  terminal.send(`${TAB}${TAB}weekday, news${TAB}${TAB}\r`);
  await terminal.waitFor('every weekday at 09:00');
  await picture(terminal, '3-presets');
  terminal.send('weekday at\r');
  await terminal.waitFor(/cron expression +0 9 \* \* 1-5/);
  terminal.send(`${TAB}${TAB}berl`);
  await terminal.waitFor('→ Europe/Berlin');
  terminal.send('\u001b[C');
  const filled = await terminal.waitFor('every weekday at 09:00 (Europe/Berlin)');
  expect(filled.match(/(Mon|Tue|Wed|Thu|Fri) \d+ \w{3} (\d{4} )?09:00(?= |$)/gm)).toHaveLength(5);
  await picture(terminal, '4-filled');
  terminal.send(CTRL_S);
  await terminal.waitFor('Create this job?');
  await picture(terminal, '5-review');
  terminal.send('\r');
  await terminal.waitFor(/news-\w{4} was created/);
  const made = agent.jobs.ids().find((id) => id.startsWith('news-')) ?? '';
  const file: unknown = JSON.parse(readFileSync(join(home, 'jobs', `${made}.json`), 'utf8'));
  expect(file).toMatchObject({
    ...{ id: made, config_name: 'news', tags: ['weekday', 'news'], created_by: 'tui' },
    schedule: { type: 'custom', cron_expression: '0 9 * * 1-5', timezone: 'Europe/Berlin' },
  });
  terminal.send('q');
  expect((await terminal.exited).exitCode).toBe(0);
});

it('runs the job that was just created, also where Enter and r come in one write', async () => {
  const home = await homeWithJobs(3);
  const terminal = openDashboardIn(home, { columns: 120, rows: 32 });
  await terminal.waitFor('job-0002');
  terminal.send('n');
  await terminal.waitFor('config name');
  terminal.send(CTRL_S);
  await terminal.waitFor('Create this job?');
  terminal.send('\rr');
  await terminal.waitFor(/▌ \S+ (queued|running|failed) +shop-\w{4}/);
  const agent = agentIn(home);
  const { runs } = await callOperation(agent, 'list_runs', {});
  expect(runs.map(({ job_id }) => job_id)).toEqual([expect.stringMatching(/^shop-/)]);
  terminal.send('q');
});

it('shows what an agent changes while the form is open, and asks whose it is to be where both did', async () => {
  const home = await homeWithJobs(1, () => ({ description: 'before' }));
  const agent = agentIn(home);
  const terminal = openDashboardIn(home, { columns: 100, rows: 30 });
  await terminal.waitFor('job-0000');
  terminal.send('e');
  await terminal.waitFor(/description +before/);
  terminal.send(`${TAB}\u0015mine`);
  await terminal.waitFor(/description +mine/);
  const changes = { description: 'theirs', tags: ['by-agent'] };
  await callOperation(agent, 'update_job', { job_id: 'job-0000', changes });
  await terminal.waitFor('An agent changed the same fields as you: description');
  await terminal.waitFor(/tags +by-agent/);
  await picture(terminal, '6-agent');
  terminal.send(CTRL_S);
  await terminal.waitFor('(•) yours: mine');
  await picture(terminal, '7-merge');
  terminal.send('\r');
  await terminal.waitFor('theirs → mine');
  terminal.send('\r');
  await terminal.waitFor('job-0000 was saved: description.');
  expect(agent.jobs.get('job-0000')).toMatchObject({
    record: { updatedBy: 'tui', definition: { description: 'mine', tags: ['by-agent'] } },
  });
});

it('fills in the parameters of a configuration, a row each', async () => {
  const home = await homeWithJobs(1);
  const agent = agentIn(home);
  const declared = 'city: {description: The city}, sort: {type: choice, values: [new, cheap]}';
  const yaml = `params: {${declared}}\nurl: http://127.0.0.1:9/\nselectors: { title: h1 }\n`;
  await agent.configs.write('shop', yaml);
  const terminal = openDashboardIn(home, { columns: 80, rows: 24 });
  await terminal.waitFor('job-0000');
  terminal.send('e');
  await terminal.waitFor(/city +needed/);
  terminal.send(`${TAB}${TAB}${TAB}${TAB}new york${TAB}`);
  await terminal.waitFor(/city +new york/);
  terminal.send('\u001b[C\u001b[C');
  await terminal.waitFor(/sort +< cheap >/);
  terminal.send(CTRL_S);
  await terminal.waitFor('none → city=new york');
  terminal.send('\r');
  await terminal.waitFor('job-0000 was saved: params.');
  expect(agent.jobs.get('job-0000')).toMatchObject({
    record: { definition: { params: { city: 'new york', sort: 'cheap' } } },
  });
});

it.skipIf(lacks('shell'))(
  'opens a job in the editor, says where it is no job any more, and stores it when it is one again',
  async ({ folder }) => {
    const home = await homeWithJobs(1);
    const editor = join(folder, 'editor.sh');
    // Spoils the time, and mends it when it sees it again.
    writeFileSync(
      editor,
      '#!/bin/sh\nif grep -q 25:00 "$1"; then sed -i s/25:00/11:00/ "$1"; else sed -i s/09:00/25:00/ "$1"; fi\n',
    );
    chmodSync(editor, 0o755);
    const terminal = openDashboardIn(home, {
      columns: 100,
      rows: 30,
      env: { EDITOR: editor, VISUAL: undefined },
    });
    await terminal.waitFor('job-0000');
    terminal.send('E');
    await terminal.waitFor('Line 5, column 5: time "25:00" is not valid');
    await picture(terminal, '8-rejected');
    terminal.send('e');
    await terminal.waitFor('every day at 09:00 (UTC) → every day at 11:00 (UTC)');
    terminal.send('\r');
    await terminal.waitFor('job-0000 was saved: schedule.');
    const file: unknown = JSON.parse(readFileSync(join(home, 'jobs', 'job-0000.json'), 'utf8'));
    expect(file).toMatchObject({ schedule: { time: '11:00' }, revision: 2 });
  },
);

it('can be used on the smallest screen', async () => {
  const terminal = openDashboardIn(await homeWithJobs(1), { columns: 40, rows: 10 });
  await terminal.waitFor('job-0000');
  terminal.send('e');
  await terminal.waitFor('config name');
  await picture(terminal, '9-small');
  terminal.send(`${TAB}${TAB}${TAB}${TAB}`);
  await terminal.waitFor(/schedule +< daily >/);
  terminal.resize(60, 12);
  await terminal.waitFor(
    (screen) => screen.includes('schedule') && screen.includes('every day at 09:00 (UTC)'),
  );
  await picture(terminal, '10-60x12');
  terminal.resize(80, 24);
  await terminal.waitFor(/Next .*\d+ \w{3} (\d{4} )?09:00, /);
  await picture(terminal, '11-80x24');
});
