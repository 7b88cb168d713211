import { expect, it } from 'vitest';
import { type ChannelType, channelRule } from '../../../src/core/channels/channel-rules.ts';
import { channelSecrets } from '../../../src/core/channels/channel-secrets.ts';
import { createRedactor } from '../../../src/core/lib/redact.ts';

/** What an error shows of an answer of the channel's receiver. */
function shown(channel: { type: ChannelType } & Record<string, unknown>, answer: string): string {
  return createRedactor(channelSecrets(channelRule(channel.type).parse(channel)))(answer);
}

const hook = (fields: object) => ({ type: 'webhook' as const, url: 'https://h.example/in', ...fields });
const mail = { type: 'email' as const, from: 'a@b.example', to: 'c@d.example' };

it.each([
  ['an address', { type: 'slack', url: 'https://hooks.slack.com/services/T0/XYZ%2fGEHEIM' }, 'no XYZ/GEHEIM'],
  ['a short part that mixes letters and digits', hook({ url: 'https://h.example/path/GEHEIM7' }), '/GEHEIM7'],
  ['a short part after a usual path', hook({ url: 'https://h.example/hooks/team/GEHEIM' }), 'no GEHEIM'],
  ['a topic', { type: 'ntfy', url: 'https://ntfy.example/GEHEIM' }, 'topic GEHEIM'],
  ['a query', hook({ url: 'https://h.example/in?key=GEHEIM' }), 'key GEHEIM is wrong'],
  ['a query without a value', hook({ url: 'https://h.example/in?GEHEIM' }), 'GEHEIM is wrong'],
  ['the user of an address', hook({ url: 'https://GEHEIM@h.example/in' }), 'user GEHEIM'],
  ['the password of an address', hook({ url: 'https://bob:GEHEIM%40x@h.example/in' }), 'GEHEIM@x'],
  ['the user of a mail server', { ...mail, server: 'smtps://GEHEIM:pw@smtp.example' }, 'no user GEHEIM'],
  ['a password', { ...mail, server: 'smtps://smtp.example', user: 'bob', password: 'GEHEIM' }, 'no GEHEIM'],
  ['a secret', hook({ secret: 'whsec_GEHEIM' }), 'GEHEIM is no key'],
  ['a header', hook({ headers: { 'x-key': 'GEHEIM' } }), 'GEHEIM'],
  ['the word after Bearer', hook({ headers: { authorization: 'Bearer GEHEIM' } }), 'token GEHEIM'],
  ['a named word of a header', hook({ headers: { authorization: 'Key id=1, key="GEHEIM"' } }), 'no GEHEIM'],
  [
    'the password of a Basic header',
    hook({ headers: { Authorization: `Basic ${Buffer.from('bob:GEHEIM').toString('base64')}` } }),
    'unknown user bob:GEHEIM, password GEHEIM',
  ],
  ['a value of a body', hook({ body: '{"api_key": "GEHEIMWORT", "text": "{text}"}' }), 'no GEHEIMWORT'],
  ['a value of a form', hook({ body: 'key=GEHEIM1&text={text}' }), 'no GEHEIM1'],
  ['the key of a bot', { type: 'telegram', token: '123456:GEHEIM', chat: 'c' }, 'bad bot GEHEIM'],
] as const)('no error repeats %s', (_, channel, answer) => {
  expect(shown(channel, answer)).not.toMatch(/GEHEIM/);
});

it('usual words of addresses and bodies stay', () => {
  const url = 'https://h.example/api/v2/hook';
  const channel = hook({ url, body: '{"parse_mode": "HTML", "message_text": "{message_text}"}' });
  const answer = 'api: message_text is no field; parse_mode must be HTML or none';
  expect(shown(channel, answer)).toBe(answer);
});
