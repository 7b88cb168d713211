import { createHmac } from 'node:crypto';
import { fillBody } from '../text/fill-body.ts';
import type { Deliver } from './delivery.ts';
import { sendRequest } from './http-request.ts';

/**
 * Sends a message as a web request. Its body is the message as JSON, or the channel's template, in which values are
 * escaped for the content type that the channel's headers name, otherwise for JSON. With a secret it is signed as Standard Webhooks defines it: HMAC-SHA256 of id,
 * time and body (https://www.standardwebhooks.com).
 */
export const callWebhook: Deliver<'webhook'> = (channel, { id, time, text }, signal) => {
  const { title, paragraphs, changes, moreChanges, fields } = text;
  const payload = {
    id,
    time: new Date(time).toISOString(),
    ...fields,
    title,
    paragraphs,
    rows: changes,
    more_rows: moreChanges,
  };
  // The case of a header's name means nothing.
  const own = Object.fromEntries(
    Object.entries(channel.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const contentType = own['content-type'] ?? 'application/json';
  const body =
    channel.method === 'GET'
      ? undefined
      : channel.body === undefined
        ? JSON.stringify(payload)
        : fillBody(channel.body, fields, contentType);
  // A receiver drops a second copy by this id.
  const now = String(Math.floor(Date.now() / 1000));
  return sendRequest(
    {
      url: channel.url,
      method: channel.method,
      headers: {
        'content-type': contentType,
        'webhook-id': id,
        'webhook-timestamp': now,
        ...(channel.secret !== undefined && {
          'webhook-signature': `v1,${sign(channel.secret, `${id}.${now}.${body ?? ''}`)}`,
        }),
        ...own,
      },
      ...(body !== undefined && { body }),
    },
    signal,
  );
};

/** A secret that begins with `whsec_` is base64, as Standard Webhooks writes it. */
function sign(secret: string, text: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  return createHmac('sha256', key).update(text).digest('base64');
}
