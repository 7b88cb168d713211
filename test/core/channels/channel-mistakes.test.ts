import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Channels } from '../../../src/core/channels/channels.ts';
import { type Issue, QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const SECRET = 'GEHEIM4711';

/** Mistakes of people who write a secret into the file, and what YAML makes of them. */
const MISTAKES = [
  `me: {type: email, server: "smtp://a.example", from: a@b.example, to: a@b.example, password: *${SECRET}}`,
  `me: *${SECRET}`,
  `me: {type: desktop, <<: *${SECRET}}`,
  `me: &m\n  type: webhook\n  url: https://a.example\n  headers: *m`,
  `*${SECRET} : {type: desktop}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: !${SECRET}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: !a!${SECRET} x`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: |${SECRET}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: >${SECRET}\n   x`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: @${SECRET}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: %${SECRET}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: \`${SECRET}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: &${SECRET}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: "${SECRET}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: "\\U${SECRET}"`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: "a" ${SECRET}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: ${SECRET}: x`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: [${SECRET}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: [${SECRET}]`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: {${SECRET}: 1}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: {${SECRET}}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: ? ${SECRET}`,
  `me:\n  type: gotify\n  url: https://a.example\n  token: 4711471147`,
  `me:\n  type: gotify\n  url: https://a.example\n  token:${SECRET}`,
  `me:\n  type: slack\n  url:https://hooks.slack.com/services/${SECRET}`,
  `me:\n  type: slack\n    url:https://hooks.slack.com/services/${SECRET}`,
  `me: {type: slack, url:https://hooks.slack.com/services/${SECRET}}`,
  `me: {type: slack, ${SECRET}}`,
  `me: {type: webhook, url: https://a.example, headers: {Authorization:${SECRET}}}`,
  `me: {type: webhook, url: https://a.example, headers: {Authorization:Bearer ${SECRET}: x}}`,
  `https://hooks.slack.com/services/${SECRET}: {type: slack}`,
  `{https://hooks.slack.com/services/${SECRET}}`,
  `me:\n  type: https://ntfy.sh/${SECRET}`,
  `me:\n  type:\n    ${SECRET}`,
  `me:\n  type: desktop\n  timezone: Europe/Zurich\n    token:${SECRET}`,
  `me:\n  type: desktop\n  quiet_hours: 22:00-07:00\n    token:${SECRET}`,
  `me:\n  type: desktop\n  digest: day\n    token:${SECRET}`,
  `me:\n  type: desktop\n  digest: day\n  digest: ${SECRET}`,
  `me:\n  type: email\n  server: smtp://a.example\n  from: a@b.example\n  to: a@b.example\n    password:${SECRET}`,
  `me:\n  type: email\n  server: smtp://a.example\n  from: a@b.example\n  to:\n  - a@b.example\n    password:${SECRET}`,
  `me:\n  type: ntfy\n  url: https://a.example\n  priority: 3\n   token:${SECRET}`,
  `me:\n  type: webhook\n  url: https://a.example\n  method: POST\n   secret:${SECRET}`,
  `me: ${SECRET}`,
  `password: ${SECRET}`,
  `- ${SECRET}`,
  SECRET,
  `%${SECRET}`,
  `--- \nme: {type: desktop}\n---\n${SECRET}`,
  `me:\n${'- '.repeat(20_000)}${SECRET}`,
  `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nme: {type: webhook, url: *c}`,
  `me: {type: ntfy, url: https://a.example/t, quiet_hours: "22:00-07:00\\n token:${SECRET}"}`,
  `me: {type: ntfy, url: https://a.example/t, ? {${SECRET}: 1} : 2}`,
  `me: {type: ntfy, url: https://a.example/t, max_per_hour: ${SECRET}}`,
  `me: {type: ntfy, url: [https://a.example/${SECRET}]}`,
];

it.each(MISTAKES)('%j is refused with its line, and without the secret', (text) => {
  const { channels, paths } = openTempWorkspace();
  writeFileSync(paths.channels, `${text}\n`);
  const wrong = findProblems(channels);
  expect(wrong.length).toBeGreaterThan(0);
  for (const { line } of wrong) expect(line).toBeGreaterThan(0);
  expect(JSON.stringify(wrong)).not.toMatch(/GEHEIM|4711/);
});

/** What is wrong with channels, or with the file as a whole. */
function findProblems(channels: Channels): readonly Issue[] {
  try {
    return channels.list().flatMap(({ problem }) => problem ?? []);
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    return [...(error.issues ?? []), { path: '', message: `${error.message} ${error.hint}`, line: 1 }];
  }
}
