import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ClientRevisions } from '../../src/core/configs/client-revisions.ts';
import { revisionOf } from '../../src/core/configs/config-store.ts';
import { resolveHome } from '../../src/core/fs/paths.ts';
import { quickscrape } from '../program.ts';
import { Site } from '../scrape/site.ts';
import { shopHome } from './shop-home.ts';

const KEY = 'S3cr3tK3y-4711-ABCDEFGH';

/** A home with a text that a client saved, of a site that repeats the key of its address. */
async function clientsHome(more = '') {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  site.on('/list', (_, response, url) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<li><b>one</b><i>${url.searchParams.get('key')}</i></li>`),
  );
  const yaml = `url: "${site.url('/list?key=${KEY}')}"\nitem: li\nselectors:\n  name: b\n  first: "xpath:substring(i, 1, 4)"\n  key: i\n${more}`;
  const from = shopHome({ own: yaml, other: 'url: https://example.com/\nselectors: {a: b}\n' });
  writeFileSync(join(from.home, 'secrets.env'), `KEY=${KEY}\n`, { mode: 0o600 });
  await new ClientRevisions(resolveHome({ home: from.home })).addText(yaml);
  const config = join(from.home, 'configs', 'own.yaml');
  return { ...from, site, yaml, config };
}

it('scrape conceals a client’s text as its runs do, by name and by file, in rows and in the file that it writes', async () => {
  const { program, json, home, site, config } = await clientsHome();
  const concealed = { name: 'one', first: '${KE', key: '${KEY}' };
  for (const text of ['own', config])
    expect((await json('scrape', text, '--sample', '1'))['sample']).toEqual([concealed]);
  const said = await program('scrape', 'own', '--verbose');
  expect(said.stderr).toContain('rows say ${KEY} and not the values');
  expect(readFileSync(join(home, 'output', 'own.csv'), 'utf8')).toBe('name,first,key\none,${KE,${KEY}\n');
  expect(site.visits.at(-1)?.path).toBe(`/list?key=${KEY}`);

  // From the person's edit on it is the person's.
  appendFileSync(config, 'name: mine\n');
  const mine = await json('scrape', 'own', '--sample', '1');
  expect(mine['sample']).toEqual([{ name: 'one', first: 'S3cr', key: KEY }]);
});

it('scrape of a client’s text sends a key to no address that the text computes', async () => {
  const follow = "follow: {selector: \"xpath:concat('/ad', 'min')\", selectors: {more: b}}\n";
  const { program, site } = await clientsHome(follow);
  const said = await program('scrape', 'own');
  expect(said).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('follows only links that the page contains'),
  });
  expect(site.visitsOf('/admin')).toEqual([]);
});

it('a client’s text stays one when a home is moved by export and import', async () => {
  const { qs, yaml } = await clientsHome();
  const { stdout: bundle } = await qs('export');
  expect(JSON.parse(bundle)).toMatchObject({ saved_by_clients: [revisionOf(yaml)] });
  const to = shopHome({});
  writeFileSync(join(to.home, 'secrets.env'), `KEY=${KEY}\n`, { mode: 0o600 });
  const said = await quickscrape(['import', '-', '--json'], { home: to.home, input: bundle });
  expect(JSON.parse(said.stdout)).toMatchObject({
    imported: ['configuration other', 'configuration own'],
  });
  const texts = new ClientRevisions(resolveHome({ home: to.home }));
  const saved = (name: string) =>
    texts.has(revisionOf(readFileSync(join(to.home, 'configs', `${name}.yaml`), 'utf8')));
  expect([saved('own'), saved('other')]).toEqual([true, false]);
  expect((await to.json('scrape', 'own', '--sample', '1'))['sample']).toMatchObject([{ key: '${KEY}' }]);
});

it('an import keeps a person’s own text marked as theirs, even if the bundle says that a client saved it', async () => {
  const { qs, yaml } = await clientsHome();
  const { stdout: bundle } = await qs('export');
  const to = shopHome({ own: yaml });
  const said = await quickscrape(['import', '-', '--json'], { home: to.home, input: bundle });
  expect(JSON.parse(said.stdout)).toMatchObject({ unchanged: ['configuration own'] });
  expect(new ClientRevisions(resolveHome({ home: to.home })).has(revisionOf(yaml))).toBe(false);
});
