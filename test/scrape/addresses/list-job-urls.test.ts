import { expect, it } from 'vitest';
import { listJobUrls } from '../../../src/scrape/addresses/list-job-urls.ts';

type Row = Record<string, unknown>;

async function* batches(rows: readonly Row[]) {
  for (let at = 0; at < rows.length; at += 2) yield rows.slice(at, at + 2);
}

const list = (
  rows: readonly Row[],
  { hosts = [] as string[], allow = [] as string[], hidden = 'hunter2' } = {},
) =>
  listJobUrls(
    { type: 'job', job: 'listing', field: 'link', hosts },
    { rows: batches(rows), runId: 'r1', isHidden: (text) => text.includes(hidden) },
    { allowPrivateHosts: allow },
  );
const links = (...all: readonly unknown[]) => all.map((link) => ({ title: 'a', link }));

it('takes the addresses of a field, each once; only hosts that the configuration names are its own', async () => {
  const rows = links('https://e.com/1', null, 'https://e.com/1#b', 'https://other.example/2', '');
  expect(await list(rows, { hosts: ['e.com', 'http://10.0.0.7:81'] })).toEqual({
    urls: ['https://e.com/1', 'https://other.example/2'],
    origins: ['https://e.com/', 'http://10.0.0.7:81/'],
    warnings: [],
  });
});

it('leaves out addresses in private networks, unless the configuration lets them be reached', async () => {
  const rows = links(
    'https://e.com/1',
    'http://127.0.0.1/admin',
    'http://nas.local/',
    'http://[::1]:8080/',
    'http://2130706433/',
  );
  const { urls, warnings } = await list(rows);
  expect(urls).toEqual(['https://e.com/1']);
  expect(warnings).toEqual([
    '4 addresses in private networks were left out (such as http://127.0.0.1/admin)',
  ]);
  expect((await list(rows, { allow: ['nas.local'] })).urls).toEqual(['https://e.com/1', 'http://nas.local/']);
  expect((await list(rows, { hosts: ['http://127.0.0.1'] })).urls).toHaveLength(3);
});

it('says that all addresses are private, and how to let them be reached', async () => {
  expect(await list(links('http://127.0.0.1/1', 'http://127.0.0.1/2'))).toEqual({
    urls: [],
    origins: [],
    warnings: [
      'run r1 of job listing has no address to fetch in link: 2 addresses in private networks were left out (such as http://127.0.0.1/1)',
    ],
    hint: expect.stringContaining('allow_private_hosts'),
  });
});

it('leaves out addresses that hold a secret, and does not show them', async () => {
  const { urls, warnings } = await list(links('https://e.com/1', 'https://e.com/2?key=hunter2'));
  expect(urls).toEqual(['https://e.com/1']);
  expect(warnings).toEqual(['1 address with secrets of the home was left out']);
});

it('names the fields that there are', async () => {
  await expect(list([{ title: 'a', lnik: 'https://e.com/1' }])).rejects.toMatchObject({
    kind: 'config',
    message: 'urls_from: job listing has no field link',
    hint: 'It has title, lnik. Did you mean "lnik"?',
  });
});

it('says where the rows have something else than addresses', async () => {
  await expect(list(links({ amount: 7 }, 'Lamp'))).rejects.toMatchObject({
    message: 'job listing, row 1: a text of 12 characters is not a web address (and 1 more)',
  });
});

it('a field without any address is no error here', async () => {
  expect(await list(links(null, ''))).toMatchObject({
    urls: [],
    warnings: ['run r1 of job listing has no address to fetch in link'],
  });
  expect(await list([])).toMatchObject({ urls: [], warnings: ['run r1 of job listing has no rows'] });
});
