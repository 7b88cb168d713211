import { expect, it } from 'vitest';
import { RunCookies } from '../../../src/scrape/http/run-cookies.ts';
import { withRun } from '../crawl/with-run.ts';
import { failureOf } from './with-site.ts';

const { site, run, traces } = withRun();

const YAML = 'urls: ["{site}/list", "{site}/more"]\non_missing: fail\nitem: li\nselectors: {name: b}\n';
const ROW = '<li><b>one</b></li>';

/** What an earlier run was given. */
function earlier(): RunCookies {
  const cookies = new RunCookies();
  cookies.storeFrom(new URL(site().url('/')), { 'set-cookie': ['bad=1; Path=/'] });
  return new RunCookies(cookies.persistent());
}

it.each([400, 403, 302])(
  'a first page that cookies of earlier runs spoil (%i) is got without them',
  async (status) => {
    site().on('/list', (request, response) => {
      const isSpoilt = request.headers.cookie?.includes('bad') === true;
      response
        .writeHead(isSpoilt ? status : 200, { location: '/list', 'content-type': 'text/html' })
        .end(ROW);
    });
    site().html('/more', ROW);
    await expect(run(YAML, { cookies: earlier() })).resolves.toMatchObject({ items: 2 });
    expect(traces.lines.join('\n')).toContain('trying again, without the cookies of earlier runs');
    expect(site().visitsOf('/more')[0]?.headers.cookie).toBeUndefined();
  },
);

it('is asked for once where there were no cookies, and so is a page that is not there or a later one', async () => {
  site().on('/list', (_, response) => response.writeHead(403).end());
  expect(await failureOf(run(YAML))).toMatchObject({ kind: 'http', status: 403 });
  expect(site().visitsOf('/list')).toHaveLength(1);
  site().on('/list', (_, response) => response.writeHead(404).end());
  await failureOf(run(YAML, { cookies: earlier() }));
  expect(site().visitsOf('/list')).toHaveLength(2);
  site().html('/list', ROW);
  site().on('/more', (_, response) => response.writeHead(403).end());
  await failureOf(run(YAML, { cookies: earlier() }));
  expect(site().visitsOf('/more')).toHaveLength(1);
});
