import { describe, expect, it, onTestFinished } from 'vitest';
import { startQuotes } from '../../fixtures/quotes/server.ts';
import { withRun } from '../crawl/with-run.ts';
import { failureOf } from '../http/with-site.ts';

const { site, run, staged, traces } = withRun();

/** A site of ours whose sign-in works as `form` says, with a page for those who are signed in. */
function members(form: string, password = 'right') {
  const posts: string[] = [];
  let open = 0;
  site().html('/login', form, { 'set-cookie': 'seen=1; Path=/' });
  site().on('/enter', async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    posts.push(body);
    const isRight =
      new URLSearchParams(body).get('pw') === password && request.headers.cookie?.includes('seen=1');
    if (!isRight) return void response.writeHead(200, { 'content-type': 'text/html' }).end(form);
    open += 1;
    response.writeHead(302, { 'set-cookie': `sid=${open}; Path=/`, location: '/home' }).end();
  });
  site().html('/home', '<p class="in">hello</p>');
  const isIn = (cookie = '') => cookie.includes(`sid=${open}`) && open > 0;
  return { posts, isIn, end: () => (open += 1) };
}

const FORM = `<input name="q"><form action="/enter" method="post"><input type="hidden" name="token" value="t&amp;1">
<input name="user"><input type="password" name="pw"><input type="checkbox" name="stay" value="yes" checked>
<button name="go" value="in">Sign in</button></form>`;
const SIGN_IN = 'authentication: {type: form, login_url: "{site}/login", username: ann, password: right}\n';
const PAGE = 'url: "{site}/list"\nitem: li\nselectors: {name: b}\n';

describe('a form', () => {
  it('of the sandbox signs in, and the pages are those of a signed-in reader', async () => {
    const quotes = await startQuotes();
    onTestFinished(() => quotes.close());
    const yaml = `url: "${quotes.url}"\nitem: .quote\nselectors: {text: .text, author: .author}
pagination: {type: next_button, selector: "li.next a"}
authentication:
  type: form
  login_url: "${new URL('/login', quotes.url).href}"
  username: reader
  password: sandbox
  success_selector: 'a[href="/logout"]'
  failure_selector: .error
`;
    await expect(run(yaml)).resolves.toMatchObject({ pages: 10, items: 100 });
    expect(traces.lines.filter((line) => line.includes('signed in at'))).toHaveLength(1);
    expect(await failureOf(run(yaml.replace('sandbox', 'wrong')))).toMatchObject({
      kind: 'sign_in',
      message: expect.stringContaining('the site says "Wrong username or password."'),
    });
    expect(
      await failureOf(run(yaml.replace('sandbox', 'wrong').replace(/ {2}failure.*\n/, ''))),
    ).toMatchObject({
      kind: 'sign_in',
      message: expect.stringContaining('"a[href="/logout"]" (success_selector) matches nothing'),
    });
  });

  it.each([
    ['is missing', '{site}/gone', 'sign_in'],
    ['has a host that is none', 'http://login.invalid/', 'network'],
  ])('that %s is no missing page of urls: nothing is taken without a sign-in', async (_name, login, kind) => {
    for (const path of ['/a', '/b', '/c']) site().html(path, '<li><b>for everybody</b></li>');
    const urls = 'urls: ["{site}/a", "{site}/b", "{site}/c"]\nitem: li\nselectors: {name: b}\n';
    const signIn = SIGN_IN.replace('{site}/login', login);
    expect(await failureOf(run(urls + signIn))).toMatchObject({ kind });
    expect(site().visitsOf('/a')).toEqual([]);
    expect(site().visitsOf('/b')).toEqual([]);
  });

  it('sends its hidden inputs, presets and button along', async () => {
    const { posts, isIn } = members(FORM);
    site().on('/list', (request, response) =>
      response.writeHead(isIn(request.headers.cookie) ? 200 : 401).end('<li><b>one</b></li>'),
    );
    await expect(run(PAGE + SIGN_IN.replace('right', 'right, fields: {lang: 7}'))).resolves.toMatchObject({
      items: 1,
    });
    expect(posts).toEqual(['token=t%261&user=ann&pw=right&stay=yes&go=in&lang=7']);
    const [post] = site().visitsOf('/enter');
    expect(post?.headers).toMatchObject({ origin: site().url(''), referer: site().url('/login') });
  });

  it('is sent once when the password is wrong, and no message holds it', async () => {
    const { posts } = members(FORM);
    const error = await failureOf(run(PAGE + SIGN_IN.replace('right', 'hush-hush')));
    expect(error).toMatchObject({
      kind: 'sign_in',
      message: expect.stringContaining('asks for the password again'),
    });
    expect([
      posts.length,
      JSON.stringify([error.message, error.hint, traces.lines]).includes('hush'),
    ]).toEqual([1, false]);
    expect(site().visitsOf('/list')).toEqual([]);
  });

  it.each([
    ['<form method="post"><input name="user"></form>', 'no input for a password'],
    ['<input name="user"><input type="password" name="pw">', 'is not in a form'],
    ['<form><input name="user"><input type="password" name="pw"></form>', 'as part of an address'],
    ['<form method="post"><input type="password" name="pw"></form>', 'no plain input for a user name'],
    ['<form method="post"><input><input type="password" name="pw"></form>', 'has no name'],
    [FORM.replace('/enter', 'http://localhost:1/'), 'a host that the configuration does not name'],
  ])('that cannot be used is not sent: %s', async (form, why) => {
    const { posts } = members(form);
    expect(await failureOf(run(PAGE + SIGN_IN))).toMatchObject({
      kind: 'sign_in',
      message: expect.stringContaining(why),
    });
    expect(posts).toEqual([]);
  });

  it('is found by names or selectors where there are several', async () => {
    const { posts, isIn } = members(`<form><input type="password" name="new"></form>${FORM}`);
    site().on('/list', (request, response) =>
      response.writeHead(isIn(request.headers.cookie) ? 200 : 401).end('<li><b>one</b></li>'),
    );
    const fields = 'right, username_field: user, password_field: "form[action] input[type=password]"';
    await expect(run(PAGE + SIGN_IN.replace('right', fields))).resolves.toMatchObject({ items: 1 });
    expect(posts).toHaveLength(1);
    expect(
      await failureOf(run(PAGE + SIGN_IN.replace('right', 'right, password_field: secret'))),
    ).toMatchObject({
      message: expect.stringContaining('there is no input "secret" (password_field)'),
    });
  });
});

describe('a session that runs out', () => {
  const LIST = `${PAGE}pagination: {type: page_number, url_template: "{site}/list?p={page}", end_page: 4}\n`;
  const row = (url: URL) => `<li><b>${url.searchParams.get('p')}</b></li>`;

  it.each([
    ['401', ''],
    ['/login', ''],
    ['the form', ''],
    ['a mark', ', success_selector: .in'],
  ])('is renewed and the page got again where %s shows it', async (shows, more) => {
    const { posts, isIn, end } = members(FORM);
    site().on('/list', (request, response, url) => {
      if (!isIn(request.headers.cookie)) {
        if (shows === '401') return void response.writeHead(401).end();
        if (shows === '/login') return void response.writeHead(302, { location: '/login' }).end();
        return void response.writeHead(200).end(shows === 'a mark' ? '<li><b>public</b></li>' : FORM);
      }
      response.writeHead(200).end(`<p class="in"></p>${row(url)}`);
      if (url.searchParams.get('p') === '2') end();
    });
    await expect(run(LIST + SIGN_IN.replace('right', `right${more}`))).resolves.toMatchObject({
      pages: 4,
      items: 4,
    });
    expect(staged()).toEqual(['1', '2', '3', '4'].map((name) => ({ name })));
    expect(posts).toHaveLength(2);
  });

  it('is none where the form and what one gets after it have one address', async () => {
    const { posts, isIn } = members(FORM);
    site().on('/login', (request, response) =>
      response
        .writeHead(200, { 'set-cookie': 'seen=1; Path=/' })
        .end(isIn(request.headers.cookie) ? '<li><b>one</b></li>' : FORM),
    );
    await expect(run(PAGE.replace('/list', '/login') + SIGN_IN)).resolves.toMatchObject({ items: 1 });
    expect(posts).toHaveLength(1);
  });

  it('and cannot be renewed for a forbidden page ends the run', async () => {
    const { posts } = members(FORM);
    site().on('/list', (_, response) => response.writeHead(302, { location: '/login' }).end());
    expect(await failureOf(run(LIST + SIGN_IN))).toMatchObject({
      kind: 'sign_in',
      message: expect.stringContaining('was served instead of the page'),
    });
    expect(posts).toHaveLength(2);
  });

  it('is not looked for by a form that stands on every page', async () => {
    const { posts } = members(FORM);
    site().on('/list', (_, response, url) => response.writeHead(200).end(FORM + row(url)));
    await expect(run(LIST + SIGN_IN)).resolves.toMatchObject({ pages: 4, items: 4 });
    expect(posts).toHaveLength(2);
  });
});

describe('HTTP Basic', () => {
  const BASIC = 'authentication: {type: http_basic, username: ann, password: "p:w ü"}\n';
  const header = `Basic ${Buffer.from('ann:p:w ü').toString('base64')}`;

  it('goes to the hosts of the configuration, and to no other that they lead to', async () => {
    site().on('/list', (_, response) =>
      response.writeHead(302, { location: site().url('/far', 'localhost') }).end(),
    );
    site().html('/far', '<li><b>one</b></li>');
    await run(`${PAGE}allow_private_hosts: [localhost]\n${BASIC}`);
    const sent = ['/list', '/far'].map((path) => site().visitsOf(path)[0]?.headers.authorization);
    expect(sent).toEqual([header, undefined]);
  });

  it('that is not taken is the error sign_in', async () => {
    site().on('/list', (_, response) => response.writeHead(401).end());
    expect(await failureOf(run(PAGE + BASIC))).toMatchObject({ kind: 'sign_in', status: 401 });
  });
});
