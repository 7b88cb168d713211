import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { requireChannels } from '../../../src/core/channels/require-channels.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

function homeWith(text: string) {
  const workspace = openTempWorkspace();
  writeFileSync(workspace.paths.channels, text);
  return { channels: workspace.channels, file: workspace.paths.channels };
}

function problemOf(text: string): string {
  const { channels, file } = homeWith(text);
  const [entry] = channels.list();
  const { line, message } = entry?.problem ?? {};
  return `${line}: ${message}`.replaceAll(file, 'FILE');
}

it('a home without the file has no channels', () => {
  expect(openTempWorkspace().channels.list()).toEqual([]);
});

it('reads channels in the order of the file, and keeps variables as they are written', () => {
  const { channels } = homeWith(
    'team: { type: slack, url: "${SLACK}" }\nme:\n  type: ntfy\n  url: https://ntfy.sh/topic\n',
  );
  expect(channels.list().map(({ name, type }) => [name, type])).toEqual([
    ['team', 'slack'],
    ['me', 'ntfy'],
  ]);
  expect(channels.get('team')).toEqual({ type: 'slack', url: '${SLACK}', max_per_hour: 20 });
});

it('sees each edit of the file', () => {
  const { channels, file } = homeWith('me: { type: desktop }\n');
  expect(channels.list()).toHaveLength(1);
  writeFileSync(file, 'me: { type: desktop }\nother: { type: desktop }\n');
  expect(channels.list()).toHaveLength(2);
});

it.each([
  ['me:\n  type: pigeon\n', '2: me.type: "pigeon" is not a type; it must be one of email, webhook, ntfy'],
  ['me:\n  url: https://a.example\n', '1: me.type: missing; it must be one of email'],
  ['me: hello\n', '1: me: must be an object with a type'],
  ['"a b": { type: desktop }\n', '1: the name of a channel has letters, digits, "-" and "_" only'],
  [
    'me:\n  type: ntfy\n  url: ftp://a.example/x\n',
    '3: me.url: must be an address such as https://ntfy.sh/your-topic',
  ],
  ['me:\n  type: ntfy\n', '1: me.url: missing'],
  [
    'me:\n  type: ntfy\n  url: https://ntfy.sh\n',
    '3: me.url: must be an address such as https://ntfy.sh/your-topic',
  ],
  [
    'me:\n  type: webhook\n  url: https://a.example\n  method: GET\n  body: "{title}"\n',
    '5: me.body: a GET request has none',
  ],
  ['me:\n  type: ntfy\n  url: https://a.example/x\n  priorty: 3\n', '4: me.priorty: unknown field'],
  [
    'me:\n  type: email\n  server: smtp://a.example\n  from: nobody\n  to: a@b.example\n',
    '4: me.from: must be an e-mail address',
  ],
  [
    'me:\n  type: email\n  server: smtp://a.example\n  from: a@b.example\n  to:\n  - b@c.example\n  - "x\\r\\nBcc: y@z.example"\n',
    '6: me.to.1: must be a text of one line',
  ],
  [
    'me:\n  type: desktop\n  quiet_hours: 22-7\n',
    '3: me.quiet_hours: "22-7" must be two different times of day',
  ],
])('%j names line, field and what is allowed', (text, expected) => {
  expect(problemOf(text)).toContain(expected);
});

it('a wrong channel leaves the others usable, and is an error only when it is used', () => {
  const { channels, file } = homeWith('bad: { type: slack }\nme: { type: desktop }\n');
  expect(channels.get('me')).toMatchObject({ type: 'desktop' });
  expect(() => channels.get('bad')).toThrow(`${file}:1:1: bad.url: missing`);
});

it('a file that is no YAML is refused as a whole, with its line', () => {
  const { channels, file } = homeWith('me: { type: desktop\n');
  expect(() => channels.list()).toThrow(new RegExp(`^${file}:`));
  expect(() => homeWith('- me\n').channels.list()).toThrow('channels are names with fields');
});

it('a job may name only channels of the file, unless the file cannot be read', () => {
  const { channels, file } = homeWith('me: { type: desktop }\n');
  expect(() => requireChannels(channels, [{ channel: 'me' }])).not.toThrow();
  expect(() => requireChannels(channels, null)).not.toThrow();
  expect(() => requireChannels(channels, [{ channel: 'team' }])).toThrow(
    expect.objectContaining({
      field: 'notify',
      hint: 'Channels: me',
      message: 'notify: there is no channel "team"',
    }),
  );
  writeFileSync(file, 'me: {\n');
  expect(() => requireChannels(channels, [{ channel: 'team' }])).not.toThrow();
});
