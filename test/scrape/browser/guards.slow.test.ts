import { mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { withRun } from '../crawl/with-run.ts';
import { failureOf } from '../http/with-site.ts';
import { browserProcesses, internetSockets, noBrowserHere, reporting } from './browser-site.ts';

const { site, run, staged, traces } = withRun();
const YAML = 'url: "{site}/page"\nselectors: {said: .row}\nbackend: browser\n';
const PREFIX = `quickscrape-browser-${process.pid}-`;
const PROFILES = join(tmpdir(), PREFIX);

const profiles = () => readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX));

describe.skipIf(noBrowserHere !== undefined)('a page in a browser', () => {
  afterEach(() => {
    expect(browserProcesses(PROFILES)).toEqual([]);
    expect(profiles()).toEqual([]);
  });

  it.skipIf(lacks('shell'))(
    'reaches nothing that plain fetching would not reach, and has no connection of its own',
    async () => {
      const private_ = site().url('/secret', 'localhost');
      site().html('/secret', 'secret', { 'access-control-allow-origin': '*' });
      site().html('/data', 'data');
      site().on('/bomb.js', (_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000, ' '))),
      );
      site().on('/away', (_, response) => response.writeHead(302, { location: private_ }).end());
      const attempts = {
        data: "(await fetch('/data', {headers: {'x-page': '1'}})).text()",
        private: `(await fetch('${private_}')).text()`,
        redirected: "(await fetch('/away')).text()",
        metadata: "(await fetch('http://169.254.169.254/')).text()",
        file: "(await fetch('file:///etc/passwd')).text()",
        socket: `new Promise((done) => { const s = new WebSocket('${private_.replace('http', 'ws')}'); s.onerror = () => done('none'); s.onopen = () => done('open'); })`,
        rtc: 'typeof RTCPeerConnection + typeof WebTransport',
        bomb: "new Promise((done) => { const s = document.createElement('script'); s.onerror = () => done('none'); s.onload = () => done('loaded'); s.src = '/bomb.js'; document.head.append(s); })",
        image:
          "new Promise((done) => { const s = new Image(); s.onerror = () => done('none'); setTimeout(done, 300, 'none'); s.src = '/picture.png'; document.body.append(s); })",
      };
      const asked = Object.entries(attempts).map(
        ([name, code]) =>
          `try { said.${name} = await (async () => ${code})() } catch { said.${name} = 'refused' }`,
      );
      site().html('/page', reporting(`const said = {}; ${asked.join(';')}; return JSON.stringify(said);`), {
        'set-cookie': 'sid=1; HttpOnly',
      });
      let sockets: number | undefined;
      await run(`${YAML}headers: {X-Token: "mine"}\nuser_agent: Finder/2\n`, {
        onProgress: () => {
          const processes = browserProcesses(PROFILES);
          expect(processes.length).toBeGreaterThan(1);
          sockets = processes.reduce((sum, pid) => sum + internetSockets(pid), 0);
        },
      });
      const [row] = staged() as [{ said: string }];
      expect(JSON.parse(row.said)).toEqual({
        data: 'data',
        private: 'refused',
        redirected: 'refused',
        metadata: 'refused',
        file: 'refused',
        socket: 'none',
        rtc: 'undefinedundefined',
        bomb: 'none',
        image: 'none',
      });
      expect(sockets).toBe(0);
      expect(
        site()
          .visits.map(({ path }) => path)
          .sort(),
      ).toEqual(['/away', '/bomb.js', '/data', '/page', '/robots.txt']);
      const [{ headers = {} } = {}] = site().visitsOf('/data');
      expect(headers).toMatchObject({
        'user-agent': 'Finder/2',
        'x-token': 'mine',
        'x-page': '1',
        cookie: 'sid=1',
      });
      expect(traces.lines.join('\n')).toMatch(/warn not loaded for the page: localhost leads to/);
    },
  );

  it('leads where robots.txt does not want anybody, and the run ends', async () => {
    site().robots = { status: 200, body: 'User-agent: *\nDisallow: /closed' };
    site().html('/page', '<script>setTimeout(() => { location.href = "/closed"; }, 50)</script>');
    site().html('/closed', '<p class="row">closed</p>');
    expect(await failureOf(run(YAML))).toMatchObject({ kind: 'robots' });
    expect(site().visitsOf('/closed')).toEqual([]);
  });

  it('is shown also where TMPDIR is too long for a socket of the browser', async () => {
    const long = join(tempFolder(), 'a-folder-whose-name-is-long');
    mkdirSync(long);
    vi.stubEnv('TMPDIR', long);
    onTestFinished(() => void vi.unstubAllEnvs());
    site().html('/page', '<p class="row">here</p>');
    expect(await run(YAML)).toMatchObject({ items: 1 });
  });

  it('whose script has no end is left when its time is up', async () => {
    site().html('/page', '<p class="row">here</p><script>setTimeout(() => { for (;;); }, 50)</script>');
    expect(await failureOf(run(YAML, { requestTimeoutSeconds: 2 }))).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('did not finish within 2 s'),
    });
  });
});

describe('without a browser', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('a configuration that wants one fails, and says how to get one', async () => {
    vi.stubEnv('QUICKSCRAPE_BROWSER', '/absent');
    site().html('/page', '<p class="row">here</p>');
    expect(await failureOf(run(YAML))).toMatchObject({
      kind: 'browser',
      message: 'the pages need a browser: QUICKSCRAPE_BROWSER names /absent, which is not a program',
      hint: expect.stringMatching(
        /^Install one: \w.* Or name one: quickscrape config set browser_path FILE\.$/,
      ),
    });
  });

  it('one that is not particular says that a page looks script-made; plain pages do as ever', async () => {
    vi.stubEnv('QUICKSCRAPE_BROWSER', '/absent');
    const auto = YAML.replace('backend: browser', 'expect: {allow_empty: true}');
    site().html('/page', '<div id="app"></div><script src="/app.js"></script>');
    const { warnings } = await run(auto);
    expect(warnings.join()).toMatch(
      /has no rows and has an empty element that scripts fill: the pages need a browser/,
    );
    site().html('/page', '<p class="row">here</p><script src="/app.js"></script>');
    expect(await run(auto)).toMatchObject({ items: 1, warnings: [] });
  });
});
