import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Site } from '../../scrape/site.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { type Answer, connect } from './mcp-clients.ts';

const KEY = 'S3cr3tK3y-4711-ABCDEFGH';

function good<T>(answer: Answer): T {
  if (answer.isError) throw new Error(answer.text);
  return answer.data as T;
}

/** A job of the person's on a page whose address holds a key, and a client that may change it. */
async function personsJob(more = '') {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  site.on('/list', (_, response, url) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<li><b>one</b><a href="#top">top</a><i>${url.searchParams.get('key')}</i></li>`),
  );
  const home = tempFolder();
  const workspace = openTempWorkspace({ home, actor: 'cli' });
  writeFileSync(join(home, 'secrets.env'), `KEY=${KEY}\n`, { mode: 0o600 });
  const stored = `url: "${site.url('/list?key=${KEY}')}"\n${more}item: li\nselectors:\n  name: b\n  link: {selector: a, attribute: href}\n`;
  await workspace.configs.write('own', stored);
  const schedule = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' };
  await workspace.jobs.create({ id: 'own', fields: { config_name: 'own', schedule } }, 'cli');
  const client = await connect('pinned', home, { flags: ['--allow-private-hosts', '127.0.0.1'] });
  const run = async () => {
    const { run } = good<{ run: { run_id: string; status: string } }>(
      await client.call('run_job', { job_id: 'own', wait_seconds: 45 }),
    );
    return run;
  };
  return { site, home, workspace, stored, client, run };
}

it('a client that saves fields for pieces of a key, runs the job and reads its rows, log and findings learns no piece of it', async () => {
  const { site, workspace, stored, client, run } = await personsJob();
  const pieces = Array.from(
    { length: 12 },
    (_, at) =>
      `  k${at}: {selector: a, attribute: href, regex: "key=.{${at * 2}}(.{1,2})"}\n` +
      `  p${at}: "xpath:substring(i, ${at * 2 + 1}, 2)"\n`,
  );
  // A right and a wrong guess: at the beginning of it, and all of it.
  const guesses = [KEY.slice(0, 5), 'S3crX', KEY, `${KEY.slice(0, -1)}X`].map(
    (guess, at) => `  g${at}: 'a[href*="${guess}"]'\n`,
  );
  const first = await run();
  expect(first.status).toBe('succeeded');
  const saved = await client.call('save_config', {
    config_name: 'own',
    yaml: stored + pieces.join('') + guesses.join(''),
  });
  expect(good<{ warnings: { message: string }[] }>(saved).warnings).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining('${KEY}') }),
  );
  const second = await run();
  expect(second.status).toBe('succeeded');
  expect(site.visits.at(-1)?.path).toBe(`/list?key=${KEY}`);

  const told = good<{ sample: Record<string, string | null>[]; log_tail: string[] }>(
    await client.call('get_run', { run_id: second.run_id, sample_items: 5, log_lines: 100 }),
  );
  const [row] = told.sample;
  expect(row).toMatchObject({ name: 'one', link: site.url('/list?key=${KEY}#top') });
  for (let at = 0; at < 12; at += 1) {
    expect(row?.[`k${at}`]).toBe('${KEY}#top'.slice(at * 2, at * 2 + 2) || null);
    expect(row?.[`p${at}`]).toBe('${KEY}'.slice(at * 2, at * 2 + 2) || null);
  }
  // What was guessed is said as it was written, whether it is right or not.
  const findings = JSON.stringify(told);
  for (const guess of [KEY.slice(0, 5), 'S3crX', KEY]) expect(findings).toContain(`href*=\\"${guess}\\"`);
  const changes = await client.call('compare_runs', {
    run_id: second.run_id,
    with_run_id: first.run_id,
    limit: 100,
  });
  expect(JSON.stringify(changes.data)).toContain('${KEY}#top');

  // The person edits it: from then on it sees what the person's own saw.
  const { yaml } = workspace.configs.read('own');
  await workspace.configs.write('own', `${yaml}name: mine\n`);
  const third = await run();
  const mine = good<{ sample: Record<string, string | null>[] }>(
    await client.call('get_run', { run_id: third.run_id, sample_items: 5 }),
  );
  expect(mine.sample[0]?.['p0']).toBe('S3');
});

/** A job of the person's that sends a key in a header; `sent` says the paths that it came to. */
async function keyedJob() {
  const job = await personsJob('headers: { X-Key: "${KEY}" }\n');
  const sent = new Set<string>();
  for (const path of ['/list', '/more', '/admin'])
    job.site.on(path, (request, response) => {
      if (request.headers['x-key'] === KEY) sent.add(path);
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<li><b>one</b><a href="/more" title="/more">more</a></li>');
    });
  return { ...job, sent };
}

it.each([
  ['the page of a row', "follow: {selector: \"xpath:concat('/ad', 'min')\", selectors: {more: b}}\n"],
  [
    'the page of a row, out of texts',
    "follow: {selector: \"xpath:replace(a/text(), 'more', '/admin')\", selectors: {more: b}}\n",
  ],
  ['the next page', 'pagination: {type: next_button, selector: "xpath:string(\'/admin\')"}\n'],
])(
  'a client’s text that computes the address of %s ends with an error, in a trial and a run, and no key is sent there',
  async (_, lines) => {
    const { stored, client, run, sent } = await keyedJob();
    const yaml = stored + lines;
    const tried = await client.call('test_config', { config_name: 'own', yaml, max_pages: 2 });
    const refused = {
      kind: 'config',
      message: expect.stringContaining('follows only links that the page contains'),
    };
    expect(good<{ error: object }>(tried).error).toMatchObject(refused);
    good(await client.call('save_config', { config_name: 'own', yaml }));
    expect(await run()).toMatchObject({ status: 'failed', error: refused });
    expect([...sent]).toEqual(['/list']);
  },
);

it.each([
  ['a', 'follow: {selector: a, selectors: {more: b}}\n'],
  ['an attribute', 'follow: {selector: "xpath:a/@title", selectors: {more: b}}\n'],
  [
    'what an expression reads of one',
    'follow: {selector: "xpath:normalize-space(a/@href)", selectors: {more: b}}\n',
  ],
  ['the next page', 'pagination: {type: next_button, selector: a, max_pages: 2}\n'],
])('links that the site wrote lead on with what the person sends: %s', async (_, lines) => {
  const { stored, client, run, sent } = await keyedJob();
  good(await client.call('save_config', { config_name: 'own', yaml: stored + lines }));
  expect(await run()).toMatchObject({ status: 'succeeded' });
  expect([...sent]).toEqual(['/list', '/more']);
});

it('a person’s text computes addresses as ever, also where a client tries it', async () => {
  const { workspace, stored, client, run, sent } = await keyedJob();
  const yaml = `${stored}follow: {selector: "xpath:concat('/ad', 'min')", selectors: {more: b}}\n`;
  await workspace.configs.write('own', yaml);
  for (const more of [{}, { yaml }]) {
    const tried = await client.call('test_config', { config_name: 'own', ...more });
    expect(good<{ error: null; sample: object[] }>(tried)).toMatchObject({
      error: null,
      sample: [{ more: 'one' }],
    });
  }
  expect(await run()).toMatchObject({ status: 'succeeded' });
  expect([...sent]).toEqual(['/list', '/admin']);
});

it('a client’s text may count no other parameter of an address that a variable’s value goes to', async () => {
  const { stored, client } = await keyedJob();
  const yaml = `${stored}pagination: {type: url_param, param_name: delete}\n`;
  for (const tool of ['save_config', 'test_config'])
    expect(await client.call(tool, { config_name: 'own', yaml })).toMatchObject({
      isError: true,
      text: expect.stringContaining('not_allowed: yaml: ${KEY}'),
    });
});

it('a client’s text that needs a browser and fills in variables is refused, and the person’s stays', async () => {
  const { workspace, stored, client } = await personsJob('backend: browser\n');
  const yaml = `${stored}  more: i\n`;
  expect(await client.call('save_config', { config_name: 'own', yaml })).toMatchObject({
    isError: true,
    text: expect.stringContaining('only by the person'),
  });
  expect(workspace.configs.read('own').yaml).toBe(stored);
});

it('a kept page is shown without the values that were filled in for it, whatever the configuration says by then', async () => {
  const { home, workspace, stored, client, run } = await personsJob();
  await workspace.configs.write('own', `${stored}  nothing: u\n`);
  const { run_id } = await run();
  const kept = join(home, 'runs', 'own', run_id, 'pages', '1.json');
  expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ variables: ['KEY'] });
  // It lies there no more, and the text names it no more: what it was, nobody can tell.
  writeFileSync(join(home, 'secrets.env'), 'OTHER=something\n');
  good(
    await client.call('save_config', {
      config_name: 'own',
      yaml: 'url: https://example.com/\nselectors: {a: i}\n',
    }),
  );
  const trial = () =>
    client.call('test_config', { yaml: 'url: https://example.com/\nselectors: {a: i}\n', run_id });
  expect(await trial()).toMatchObject({ isError: true, text: expect.stringContaining('${KEY}') });
  writeFileSync(join(home, 'secrets.env'), `KEY=${KEY}\n`);
  expect(good<{ sample: unknown[] }>(await trial()).sample).toEqual([{ a: '${KEY}' }]);
});

it('no header with a value follows a link to another host, whatever a client changes, and no client chooses the links', async () => {
  const foreign = await Site.start();
  onTestFinished(() => foreign.stop());
  const { site, workspace, client, run } = await personsJob('user_agent: "Bot ${KEY}"\n');
  const away = foreign.url('/page', 'localhost');
  site.on('/list', (_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<li><b>one</b><a href="/list">more</a></li><p><b>x</b><a href="${away}">away</a></p>`),
  );
  const text = (item: string) =>
    `url: "${site.url('/list')}"\nuser_agent: "Bot \${KEY}"\nheaders: {Accept-Language: "\${KEY}"}\n` +
    `allow_private_hosts: [localhost]\nitem: ${item}\nselectors: {name: b}\n` +
    'follow: {selector: a, selectors: {more: b}}\n';
  await workspace.configs.write('own', text('li'));
  for (const tool of ['save_config', 'test_config'])
    for (const [field, given] of [
      ['changes', { changes: { item: 'p' } }],
      ['yaml', { yaml: text('p') }],
    ] as const)
      expect(await client.call(tool, { config_name: 'own', ...given })).toMatchObject({
        isError: true,
        text: expect.stringContaining(`not_allowed: ${field}: \${KEY}`),
      });
  await workspace.configs.write('own', text('p'));
  expect(await run()).toMatchObject({ status: 'succeeded' });
  expect(site.visitsOf('/list')[0]?.headers).toMatchObject({ 'user-agent': `Bot ${KEY}` });
  const [visit] = foreign.visitsOf('/page');
  expect(visit?.headers['user-agent']).toMatch(/^quickscrape-jobs/);
  expect(JSON.stringify(foreign.visits)).not.toContain(KEY);
});

it('after a change of the key, a client sees neither the rows nor the kept pages of runs that sent the old one', async () => {
  const { home, workspace, stored, client, run } = await personsJob();
  await workspace.configs.write('own', `${stored}  nothing: u\n`);
  const { run_id } = await run();
  const shown = async () => [
    await client.call('list_items', { run_id }),
    await client.call('get_page', { run_id, as: 'text' }),
    await client.call('find_selectors', { run_id, examples: { x: 'one' } }),
    await client.call('test_config', { config_name: 'own', run_id }),
  ];
  for (const answer of await shown()) expect(answer.isError).not.toBe(true);
  writeFileSync(join(home, 'secrets.env'), 'KEY=another-value-now\n');
  for (const answer of await shown())
    expect(answer).toMatchObject({ isError: true, text: expect.stringContaining('not_allowed') });
  const read = await client.call('get_run', { run_id });
  const explained = await client.call('explain_run', { run_id });
  expect(JSON.stringify([read, explained])).not.toContain(KEY);
});

it('after a change of the key, a client still sees rows and kept pages that do not hold the old one', async () => {
  const { home, site, workspace, client, run } = await personsJob();
  let echo = '';
  site.on('/list', (request, response) => {
    if (request.headers['x-key'] === KEY && echo !== '')
      echo = `<s>${KEY.slice(0, 5)}<i>${KEY.slice(5)}</i></s>`;
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<li><b>one</b>${echo}</li>`);
  });
  const text = `url: "${site.url('/list')}"\nheaders: {X-Key: "\${KEY}"}\nitem: li\nselectors: {name: b, none: u}\n`;
  await workspace.configs.write('own', text);
  const free = await run();
  echo = 'yes';
  const second = await run();
  writeFileSync(join(home, 'secrets.env'), 'KEY=another-value-now\n');
  const shown = async (run_id: string) => [
    await client.call('list_items', { run_id }),
    await client.call('get_page', { run_id, as: 'text' }),
    await client.call('find_selectors', { run_id, examples: { x: 'one' } }),
    await client.call('test_config', { config_name: 'own', run_id }),
  ];
  expect((await shown(free.run_id)).map(({ isError }) => isError ?? false)).toEqual([
    false,
    false,
    false,
    false,
  ]);
  // The page of the second one holds the key, in two elements; its rows do not.
  expect((await shown(second.run_id)).map(({ isError }) => isError ?? false)).toEqual([
    false,
    true,
    true,
    true,
  ]);
  // Of a variable that is gone, too.
  writeFileSync(join(home, 'secrets.env'), 'OTHER=something\n');
  expect((await shown(free.run_id)).slice(0, 3).map(({ isError }) => isError ?? false)).toEqual([
    false,
    false,
    false,
  ]);
  const told = await client.call('explain_run', { run_id: free.run_id });
  expect(JSON.stringify(told)).not.toContain(KEY.slice(0, 8));
});
