// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSecrets, readHomeEnvironment } from '../../../src/core/configs/home-environment.ts';
import { checkConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

describe('a secrets.env', () => {
  it.each([
    ['A=1', { A: '1' }],
    ['\uFEFF# a comment\r\n\r\n  export A = two words  # and why\r\nB=', { A: 'two words', B: '' }],
    ['A=p#w#d\nB=a=b', { A: 'p#w#d', B: 'a=b' }],
    ['A= # nothing', { A: '' }],
    [`A='a "$B" \\n # b'\nB="say \\"hi\\"\\n\\\\ \\d" # c`, { A: 'a "$B" \\n # b', B: 'say "hi"\n\\ \\d' }],
    ['A="one\ntwo"\nB=\'three\n\nfour\'\nC=5', { A: 'one\ntwo', B: 'three\n\nfour', C: '5' }],
    ['A=1\nA=2', { A: '2' }],
  ])('%j', (text, values) => {
    expect(parseSecrets(text)).toEqual({ values, problems: [] });
  });

  it('says which lines it cannot use, and not what stands there', () => {
    const text = 'hush-hush\nA=1\n1X=hush\nB="two\nlines" hush\nC=\'hush\nD=4\n';
    expect(parseSecrets(text)).toEqual({
      values: { A: '1', B: 'two\nlines', D: '4' },
      problems: [
        { line: 1, message: 'is not NAME=value' },
        { line: 3, message: 'is not NAME=value' },
        { line: 4, message: 'B: there is text after the closing quote' },
        { line: 6, message: 'C: the quote is not closed' },
      ],
    });
  });
});

describe('the variables of a home', () => {
  const home = (text?: string, mode = 0o600) => {
    const secrets = join(tempFolder(), 'secrets.env');
    if (text !== undefined) {
      writeFileSync(secrets, text);
      chmodSync(secrets, mode);
    }
    return { secrets };
  };

  it('come from the environment, and from secrets.env when not set there', () => {
    const { env, doubts } = readHomeEnvironment(home('PATH=other\nQS_SECRET_TOKEN=hunter2\n'));
    expect([env['QS_SECRET_TOKEN'], env['PATH'], doubts]).toEqual(['hunter2', process.env['PATH'], []]);
    expect(readHomeEnvironment(home())).toEqual({ env: process.env, doubts: [], secrets: {} });
  });

  it('fill in a configuration, and no message holds them', () => {
    const { env } = readHomeEnvironment(home('QS_SECRET_SHOP=ftp://hunter2/\nQS_SECRET_TOKEN=hunter3\n'));
    const yaml = 'url: "https://e.com"\nheaders: {X-Key: "${QS_SECRET_TOKEN}"}\nselectors: {a: b}\n';
    const { config, redact } = parseConfig(yaml, 'x.yaml', env);
    expect([config.headers['X-Key'], redact('key hunter3')]).toEqual(['hunter3', 'key ${QS_SECRET_TOKEN}']);
    const issues = checkConfig('url: "${QS_SECRET_SHOP}"\nselectors: {a: b}\n', 'x.yaml', env);
    expect(issues).toHaveLength(1);
    expect(JSON.stringify(issues)).not.toContain('hunter2');
  });

  it.skipIf(lacks('modes'))('say when other users may read them, and where a line says nothing', () => {
    const { env, doubts } = readHomeEnvironment(home('QS_SECRET_A=1\nhush\n', 0o640));
    expect(env['QS_SECRET_A']).toBe('1');
    expect(doubts).toMatchObject(
      [
        { file: 'secrets.env', message: 'is open to other users (mode 0640)', hint: /^chmod 600 / },
        { file: 'secrets.env', line: 2, message: 'is not NAME=value' },
      ].map((doubt) => ({ ...doubt, hint: expect.any(String) })),
    );
    expect(JSON.stringify(doubts)).not.toContain('hush');
  });

  it('come from the environment alone when the file cannot be read, with a warning', () => {
    const { secrets } = home();
    mkdirSync(secrets);
    const { env, doubts } = readHomeEnvironment({ secrets });
    expect(env).toBe(process.env);
    expect(doubts).toMatchObject([
      { file: 'secrets.env', message: expect.stringContaining('cannot be read: ') },
    ]);
  });
});

describe('a password in an address', () => {
  const own = 'selectors: { a: b }\n';
  const told = (yaml: string) =>
    checkConfig(yaml, 'x.yaml', {}).map(({ line, path, message }) => `${line} ${path}: ${message}`);

  it.each([
    ['1 url', `url: "https://ann:s3cret-x@e.com/"\n${own}`],
    ['3 urls[1]', `urls:\n  - "https://e.com/"\n  - https://ann:s3cret-x@e.com/a?b\n${own}`],
    ['1 sitemap', `sitemap: "https://:s3cret-x@e.com"\n${own}`],
    ['2 sitemap.url', `sitemap:\n  url: https://ann:s3cret-x@e.com/\n${own}`],
    [
      '3 pagination.url_template',
      `url: https://e.com/\npagination:\n  url_template: "https://ann:s3cret-x@e.com/{page}"\n  type: page_number\n  max_pages: 2\n${own}`,
    ],
    ['2 proxy', `url: "https://e.com/"\nproxy: "http://ann:s3cret-x@p.example:1"\n${own}`],
  ])('is warned about where it stands, and never shown: %s', (at, yaml) => {
    expect(told(yaml)).toEqual([`${at}: the password is written in the configuration itself`]);
    const issues = JSON.stringify(checkConfig(yaml, 'x.yaml', {}));
    expect(issues).toMatch(/Put it into secrets\.env of the home, (SITE|PROXY)_PASSWORD=…/);
    expect(issues).not.toContain('s3cret');
    expect(parseConfig(yaml, 'x.yaml', {}).redact('GET https://ann:s3cret-x@e.com/')).not.toContain('s3cret');
  });

  it.each([
    '"https://ann:${SITE_PASSWORD}@e.com/"',
    'https://ann@e.com/',
    'https://e.com:80/a@b',
    'https://e.com:80?a=b@c',
    'https://e.com/x:y@z',
  ])('that is a variable or none is not: %s', (url) => {
    expect(told(`url: ${url}\n${own}`).join()).not.toContain('password is written');
  });
});

it('an error has the same wording whether the text quotes a secret or not', () => {
  const issues = (guess: string) =>
    checkConfig(
      `url: "https://example.com/?key=\${KEY}"\nitem: '[href^="${guess}"'\nselectors:\n  a: 'b[${guess}'\n"${guess}": 1\n`,
      'x.yaml',
      { KEY: 'S3cr3tK3y-4711' },
    );
  const wrong = JSON.stringify(issues('Xxxx'));
  expect(JSON.parse(wrong)).toHaveLength(3);
  for (const right of ['S3cr', 'S3cr3tK3y-4711'])
    expect(JSON.stringify(issues(right))).toBe(JSON.stringify(issues('GUESS')).replaceAll('GUESS', right));
});

it.each([
  ['headers: { Accept-Language: "${A}", X-Plain: b }', ['accept-language']],
  ['headers: { User-Agent: "Bot ${A}" }', ['user-agent']],
  ['user_agent: "Bot ${A}"', ['user-agent']],
  ['user_agent: Bot\nheaders: { USER-AGENT: "${A}", Referer: "${A}" }', ['referer']],
  ['user_agent: Bot', undefined],
])('names the headers into which variables are filled in: %s', (lines, names) => {
  const yaml = `url: "https://shop.example/"\nselectors: { title: h1 }\n${lines}\n`;
  expect(parseConfig(yaml, 'x.yaml', { A: 'de' }).config.filled_headers).toEqual(names);
});
