// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import { describe, expect, it } from 'vitest';
import { checkConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';

const SELECTORS = 'selectors: { title: h1 }\n';
const SIGN_IN = 'username: ann, password: "${PASSWORD}" }';

/** Where an address can stand, with the path that is said of it. */
const PLACES = [
  ['url', 'url: ADDRESS', 'url'],
  ['urls', 'urls: ["https://a.example/", ADDRESS]', 'urls[1]'],
  ['a sitemap', 'sitemap: ADDRESS', 'sitemap'],
  ['a sitemap with keys', 'sitemap: { url: ADDRESS }', 'sitemap.url'],
  [
    'url_template',
    'url: "https://a.example/"\npagination: { type: page_number, url_template: ADDRESS, end_page: 2 }',
    'pagination.url_template',
  ],
  [
    'login_url',
    `url: "https://a.example/"\nauthentication: { type: form, login_url: ADDRESS, ${SIGN_IN}`,
    'authentication.login_url',
  ],
] as const;

function check(yaml: string, forRun = false) {
  const issues = checkConfig(`${yaml}\n${SELECTORS}`, 'x.yaml', { PASSWORD: 'S3cr3tK3y' }, { forRun });
  return issues.map(({ severity, path, message, hint }) => ({
    severity,
    path,
    text: `${message} | ${hint}`,
  }));
}

const written = (yaml: string, address: string) => yaml.replace('ADDRESS', JSON.stringify(address));

describe('a host of one word', () => {
  it.each(PLACES)('is refused in %s, with how to allow it', (_what, yaml, path) => {
    expect(check(written(yaml, 'https://wiki/{page}'))).toEqual([
      {
        ...{ severity: 'error', path },
        text: expect.stringMatching(/^the host "wiki" has no dot.* allow_private_hosts: \["wiki"\]$/),
      },
    ]);
  });

  it('is to be allowed at the port of its address, when it says one', () => {
    const [issue] = check('url: "http://WIKI:8080/a"');
    expect(issue?.text).toMatch(/allow_private_hosts: \["wiki:8080"\]$/);
  });

  it.each(['[wiki]', '["WIKI:8080"]', '["http://wiki/"]'])('is allowed by its name in %s', (names) => {
    expect(check(`url: "http://wiki/"\nallow_private_hosts: ${names}`)).toEqual([]);
  });

  it.each([
    ['localhost', 'url: "http://localhost:8080/"'],
    ['an IP address', 'urls: ["http://127.0.0.1/", "http://[::1]:80/", "http://10.0.0.5/"]'],
    ['a name with a private ending', 'url: "http://nas.local/"'],
    ['a proxy', 'url: "https://a.example/"\nproxy: "http://squid:3128"'],
    ['the value of a variable', 'url: "http://${PASSWORD}/"'],
  ])('is no %s', (_what, yaml) => {
    expect(check(yaml)).toEqual([]);
  });

  it('is reported once', () => {
    const pages = Array.from({ length: 50 }, (_, n) => `http://wiki/${n}`);
    expect(check(`urls: ${JSON.stringify([...pages, 'http://nas/'])}`).map(({ path }) => path)).toEqual([
      'urls[0]',
      'urls[50]',
    ]);
  });

  it('goes on running where it is stored already, with a warning', () => {
    const { config, warnings } = parseConfig(`url: "http://wiki/"\n${SELECTORS}`, 'x.yaml', {});
    expect(config.urls).toEqual(['http://wiki/']);
    expect(warnings).toMatchObject([{ path: 'url', line: 1, message: expect.stringContaining('"wiki"') }]);
    expect(check('url: "http://wiki/"', true)).toMatchObject([{ severity: 'warning', path: 'url' }]);
  });
});

describe('an address with two schemes', () => {
  it.each(PLACES)('is refused in %s, with the address that is meant', (_what, yaml, path) => {
    for (const forRun of [false, true])
      expect(check(written(yaml, 'https://https://shop.example/{page}'), forRun)).toEqual([
        {
          ...{ severity: 'error', path },
          text: 'the address begins with two schemes | Write "https://shop.example/{page}".',
        },
      ]);
  });

  it('is refused as a proxy', () => {
    expect(check('url: "https://a.example/"\nproxy: "http://http://proxy.example:8080"')).toEqual([
      expect.objectContaining({ path: 'proxy', text: expect.stringContaining('begins with two schemes') }),
    ]);
  });

  it('is refused when the second is another one, and never taken for a host of one’s own network', () => {
    expect(check('url: "https://ftp://shop.example/"')).toEqual([
      expect.objectContaining({
        path: 'url',
        text: expect.stringContaining('begins with two schemes | Write'),
      }),
    ]);
  });

  it('is not the name and password of a user called http', () => {
    expect(check('url: "https://a.example/"\nproxy: "http://http:${PASSWORD}@proxy.example:8080"')).toEqual(
      [],
    );
  });

  it('is not repeated when it holds a password, or the value of a variable', () => {
    const said = [
      ...check('url: "https://https://ann:S3cr3tW0rd@shop.example/"'),
      ...check('url: "https://https://shop.example/?key=${PASSWORD}"'),
    ];
    expect(said).toHaveLength(2);
    expect(JSON.stringify(said)).not.toMatch(/S3cr3t|ann:/);
  });
});
