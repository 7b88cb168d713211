// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the configuration's, not JavaScript's
import { expect, it } from 'vitest';
import { checkConfig, examineConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';

const PAGE = 'url: "https://e.com"\nselectors: {a: b}\n';
const issuesOf = (yaml: string) =>
  checkConfig(PAGE + yaml, 'x.yaml', { WORD: 'hunter2' }).map(
    ({ severity, line, column, path, message, hint = '' }) =>
      `${severity} ${line}:${column} ${path}: ${message} | ${hint}`,
  );

it.each([
  [
    'authentication: {type: basic}',
    /^error 3:24 authentication.type: "basic" is not one of http_basic, form/,
  ],
  ['authentication: {type: form, password: "${WORD}"}', /^error 3:1 authentication.login_url: is missing/],
  [
    'authentication: {type: http_basic, username: "a:b", password: "${WORD}"}',
    /username: .* cannot contain a colon/,
  ],
  [
    'authentication: {type: form, login_url: "https://e.com/l", pasword: "${WORD}"}',
    /Did you mean "password"/,
  ],
  [
    'authentication: {type: http_basic, username: a, password: hunter3}',
    /^warning 3:59 authentication.password: .* secrets.env/,
  ],
  [
    'authentication: {type: http_basic, username: a, password: "${WORD}"}\nheaders: {Authorization: x}',
    /^warning 4:11 headers.Authorization/,
  ],
])('%s', (yaml, says) => {
  const issues = issuesOf(yaml);
  expect(
    issues.some((issue) => says.test(issue)),
    issues.join('\n'),
  ).toBe(true);
  expect(issues.join()).not.toContain('hunter');
});

it('a password that stands in the text stays out of messages as one of a variable does', () => {
  const auth = 'authentication: {type: http_basic, username: ann, password: hush-hush}\n';
  const { redact } = parseConfig(PAGE + auth, 'x.yaml', {});
  expect(redact('sent ann:hush-hush')).toBe('sent ann:${authentication.password}');
});

it('the page with the form is one of its addresses, and its host may be private', () => {
  const auth = 'authentication: {type: form, login_url: "http://10.0.0.8/l", password: "${WORD}"}\n';
  expect(examineConfig(PAGE + auth, 'x.yaml', {}).facts).toMatchObject({
    addresses: ['https://e.com', 'http://10.0.0.8/l'],
    privateHosts: ['10.0.0.8:80', '10.0.0.8:443'],
    variables: ['WORD'],
    references: [
      { path: 'authentication.password', text: '${WORD}', ways: expect.stringContaining('10.0.0.8') },
    ],
  });
});
