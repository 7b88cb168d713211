import { toPlainText } from '../text/plain-text.ts';
import type { Deliver } from './delivery.ts';
import { sendJson } from './http-request.ts';

/** Sends a message to a Gotify server, as plain text. */
export const pushToGotify: Deliver<'gotify'> = (channel, { text }, signal) => {
  const url = new URL(channel.url);
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/message$/, '')}/message`;
  return sendJson(
    url.href,
    {
      title: text.title,
      message: toPlainText(text) || text.title,
      ...(channel.priority !== undefined && { priority: channel.priority }),
      extras: { 'client::display': { contentType: 'text/plain' } },
    },
    signal,
    { 'x-gotify-key': channel.token },
  );
};
