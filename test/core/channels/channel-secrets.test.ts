import { expect, it } from 'vitest';
import { channelRule } from '../../../src/core/channels/channel-rules.ts';
import { channelSecrets } from '../../../src/core/channels/channel-secrets.ts';

it('the secrets of a channel are its passwords, tokens and headers, and what an address has besides its host', () => {
  const slack = channelRule('slack').parse({
    type: 'slack',
    url: 'https://hooks.slack.com/services/T0123/XYZ%2fabcdef123',
  });
  expect(Object.values(channelSecrets(slack))).toEqual(['services', 'XYZ/abcdef123']);
  const hook = channelRule('webhook').parse({
    ...{ type: 'webhook', url: 'https://bob:pass@hooks.example/in?key=S3CRET', secret: 'whsec_x' },
    headers: { 'x-key': 'literal' },
  });
  expect(channelSecrets(hook)).toEqual({
    url: 'pass',
    'url.1': 'S3CRET',
    secret: 'whsec_x',
    'headers.x-key': 'literal',
  });
  const mail = channelRule('email').parse({
    ...{ type: 'email', server: 'smtps://bob:pw%40x@smtp.example', from: 'a@b.example', to: 'c@d.example' },
  });
  expect(channelSecrets(mail)).toEqual({ server: 'pw@x' });
});
