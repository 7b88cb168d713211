import { beforeEach, expect, it } from 'vitest';
import { RunCookies } from '../../../src/scrape/http/run-cookies.ts';
import { withRun } from '../crawl/with-run.ts';

const { site, run, staged, traces } = withRun();

const FORM =
  '<form action="/enter" method="post"><input name="user"><input type="password" name="pw"></form>';
const YAML = `url: "{site}/list"
item: li
selectors: {name: b}
authentication: {type: form, login_url: "{site}/login", username: ann, password: right MORE}
`;
const MARK = ', success_selector: .in';

/** What `/login` shows to one who is signed in. */
let welcome: string | { location: string };
let session = 0;
let posts = 0;
let ends = false;

const isIn = (cookie = '') => session > 0 && !ends && cookie.includes(`sid=${session}`);

beforeEach(() => {
  [session, posts, ends] = [0, 0, false];
  welcome = { location: '/home' };
  site().on('/login', (request, response) => {
    if (!isIn(request.headers.cookie)) return void response.writeHead(200).end(FORM);
    if (typeof welcome === 'string') return void response.writeHead(200).end(welcome);
    return void response.writeHead(302, welcome).end();
  });
  site().on('/enter', (_, response) => {
    [session, posts, ends] = [session + 1, posts + 1, false];
    response.writeHead(302, { 'set-cookie': `sid=${session}; Path=/`, location: '/home' }).end();
  });
  site().html('/home', '<p class="in">hello</p>');
  site().on('/list', (request, response) => {
    const who = isIn(request.headers.cookie) ? 'member' : 'guest';
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<li><b>${who}</b></li>`);
  });
});

/** Runs with the cookies that the last one ended with. */
function runs() {
  let cookies = new RunCookies();
  return async (more = '') => {
    cookies = new RunCookies(cookies.persistent());
    await run(YAML.replace(' MORE', more), { cookies });
    return { rows: staged(), posts };
  };
}

it.each([
  ['leads elsewhere', '', { location: '/home' }],
  ['leads elsewhere, where the mark is', MARK, { location: '/home' }],
  ['shows the mark in place of the form', MARK, '<p class="in">hello</p>'],
])('a session of an earlier run goes on where the page of the form %s', async (_, more, shown) => {
  welcome = shown;
  const next = runs();
  await next(more);
  expect(await next(more)).toEqual({ rows: [{ name: 'member' }], posts: 1 });
  expect(traces.lines.join('\n')).toContain('still signed in at');
  ends = true;
  expect(await next(more)).toEqual({ rows: [{ name: 'member' }], posts: 2 });
});

it.each([
  ['shows the form to everybody, with the mark', MARK, `<p class="in"></p>${FORM}`],
  ['leads to a page without the mark', MARK, { location: '/list' }],
  ['shows neither', '', '<p>hello</p>'],
  ['leads in circles', '', { location: '/login' }],
  ['is refused', '', { location: '/forbidden' }],
])('signs in anew where the session cannot be checked: the page of the form %s', async (_, more, shown) => {
  welcome = shown;
  const next = runs();
  await next(more);
  expect(await next(more)).toEqual({ rows: [{ name: 'member' }], posts: 2 });
});

it('a session that seems to go on, and does not, is begun anew', async () => {
  const next = runs();
  await next();
  site().on('/list', (request, response) =>
    isIn(request.headers.cookie)
      ? void response.writeHead(200).end('<li><b>member</b></li>')
      : void response.writeHead(401).end(),
  );
  // Signed out right after the page of the form.
  site().on('/home', (_, response) => {
    ends = posts === 1;
    response.writeHead(200).end();
  });
  expect(await next()).toEqual({ rows: [{ name: 'member' }], posts: 2 });
});

it('cookies that are not of the form’s host are no session', async () => {
  const cookies = new RunCookies();
  cookies.storeFrom(new URL('http://other.test/'), { 'set-cookie': ['sid=1; Path=/'] });
  await run(YAML.replace(' MORE', ''), { cookies });
  expect(posts).toBe(1);
});
