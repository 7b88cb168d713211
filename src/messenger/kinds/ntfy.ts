import { toPlainText } from '../text/plain-text.ts';
import { TEXT_LIMITS } from '../text/text-limits.ts';
import type { Deliver } from './delivery.ts';
import { sendJson } from './http-request.ts';

/** Publishes to a topic of ntfy, as JSON: no part of the text is in a header. */
export const publishToNtfy: Deliver<'ntfy'> = (channel, { text }, signal) => {
  const url = new URL(channel.url);
  const [topic = ''] = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .slice(-1);
  const base = new URL(url.pathname.slice(0, url.pathname.lastIndexOf(topic)) || '/', url);
  // It may hold a token: https://docs.ntfy.sh/publish/#query-param
  base.search = url.search;
  return sendJson(
    base.href,
    {
      topic: decodeURIComponent(topic),
      title: text.title,
      message: toPlainText(text, TEXT_LIMITS.ntfy),
      tags: [text.event === 'failure' || text.event === 'paused' ? 'warning' : 'spider_web'],
      ...(channel.priority !== undefined && { priority: channel.priority }),
    },
    signal,
    channel.token === undefined ? {} : { authorization: `Bearer ${channel.token}` },
  );
};
