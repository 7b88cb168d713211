import { formatChanges } from '../text/format-changes.ts';
import type { Deliver } from './delivery.ts';
import { sendJson } from './http-request.ts';

/** Slack's limits of a block. */
const MAX_HEADER = 150;
const MAX_TEXT = 3_000;

/**
 * Posts to an incoming webhook of Slack. All texts are of type `plain_text`, in which Slack reads neither links nor
 * mentions; those that it shows in notifications are escaped.
 */
export const postToSlack: Deliver<'slack'> = (channel, { text }, signal) => {
  const sections = [...text.paragraphs, formatChanges(text), text.next.join('\n')].filter(
    (part) => part !== '',
  );
  return sendJson(
    channel.url,
    {
      text: escapeSlack(text.title),
      parse: 'none',
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        { type: 'header', text: plain(text.title, MAX_HEADER) },
        ...sections.map((part) => ({ type: 'section', text: plain(part, MAX_TEXT) })),
      ],
    },
    signal,
  );
};

function plain(text: string, max: number) {
  return { type: 'plain_text', text: text.length <= max ? text : `${text.slice(0, max - 1)}…`, emoji: false };
}

/** The three characters that Slack reads in a text: https://docs.slack.dev/messaging/formatting-message-text */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
