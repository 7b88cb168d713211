import { expect, it } from 'vitest';
import type { StoredStatus } from '../../../src/core/model/run-record.ts';
import { FetchedAddresses } from '../../../src/scrape/addresses/fetched-addresses.ts';
import { withRun } from './with-run.ts';

const { site, run, staged, path, traces } = withRun();

const YAML =
  'urls_from: {job: feed, field: link, only: new}\nallow_private_hosts: [127.0.0.1]\nselectors: {title: h1}\n';
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `/p/${from + n}`);
const REFUSED = ['/no/1', '/no/2', '/no/3', '/no/4', '/no/5', '/no/6'];

/** Days on which a job takes what is new in the rows of the job `feed`. */
function days() {
  const statuses = new Map<string, StoredStatus>();
  return async (links: readonly string[], isRetry = false) => {
    const runId = String(statuses.size);
    statuses.set(runId, 'running');
    site().visits.length = 0;
    async function* rows() {
      yield links.map((link) => ({ link: site().url(link) }));
    }
    const addresses = {
      openJob: async () => ({ runId: 'r', rows: rows(), isHidden: () => false, close: async () => {} }),
      fetched: new FetchedAddresses(path('fetched.db'), runId, (id) => statuses.get(id), isRetry),
    };
    try {
      const result = await run(YAML, { addresses, retries: { retries: 0, baseMs: 1 } });
      statuses.set(runId, 'succeeded');
      return result;
    } catch (error) {
      statuses.set(runId, 'failed');
      throw error;
    }
  };
}

function serve(links: readonly string[], status = 200) {
  for (const link of links)
    site().on(link, (_, response) =>
      response.writeHead(status, { 'content-type': 'text/html' }).end(`<h1>${link}</h1>`),
    );
}

const visited = () =>
  site()
    .visits.map((visit) => visit.path)
    .filter((one) => one !== '/robots.txt');

it('addresses that are always refused keep no later run from what is new, and are given up after three runs', async () => {
  const day = days();
  serve(numbers(1, 30));
  serve(REFUSED, 403);
  const first = await day([...numbers(1, 20), ...REFUSED]);
  expect(first.items).toBe(20);
  const second = await day([...REFUSED, ...numbers(1, 22)]);
  expect(second.items).toBe(2);
  expect(second.warnings.join()).toContain('6 addresses of urls_from were left out');
  expect(second.warnings.join()).not.toContain('given up');
  expect(staged()).toEqual([{ title: '/p/21' }, { title: '/p/22' }]);
  // Nothing is new.
  const third = await day([...REFUSED, ...numbers(1, 22)]);
  expect(third).toMatchObject({ items: 0, output_path: null });
  expect(third.warnings.join()).toContain('/no/1 (HTTP 403 Forbidden; given up after 3 runs)');
  expect(traces.lines.join('\n')).toContain('given up after 3 runs. Only job retry tries it again');
  expect(visited()).toEqual(REFUSED);
  expect(await day([...REFUSED, ...numbers(1, 23)])).toMatchObject({ items: 1, warnings: [] });
  serve(REFUSED);
  expect(await day(REFUSED, true)).toMatchObject({ items: 6, warnings: [] });
});

it('new addresses at the top of the list that are all refused fail one run, and not the next', async () => {
  const day = days();
  serve(numbers(1, 3));
  serve(REFUSED, 403);
  await expect(day([...REFUSED, ...numbers(1, 3)])).rejects.toMatchObject({ status: 403 });
  expect((await day([...REFUSED, ...numbers(1, 3)])).items).toBe(3);
});

it('five that do not answer are no site that is down, if they did not before', async () => {
  const day = days();
  serve(numbers(1, 3));
  serve(REFUSED, 500);
  await expect(day([...REFUSED, ...numbers(1, 3)])).rejects.toMatchObject({ status: 500 });
  expect((await day([...REFUSED, ...numbers(1, 3)])).items).toBe(3);
});

it('one that is left over is a warning, also where the only run before has failed by it', async () => {
  const day = days();
  serve(['/no/1'], 403);
  await expect(day(['/no/1'])).rejects.toMatchObject({ status: 403 });
  const again = await day(['/no/1']);
  expect(again.warnings.join()).toContain('1 address of urls_from was left out');
});

it('a site that refuses everything fails each run, and no address is given up', async () => {
  const day = days();
  const links = numbers(1, 8);
  serve(links, 403);
  for (let n = 0; n < 5; n++) await expect(day(links)).rejects.toMatchObject({ status: 403 });
  await expect(day(links)).rejects.toThrow(
    '8 addresses of urls_from failed again, and none could be fetched',
  );
  serve(links);
  expect((await day(links)).items).toBe(8);
});
