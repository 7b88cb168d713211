import { formatChanges } from '../text/format-changes.ts';
import { cutText, inEscapedUnits, TEXT_LIMITS, type TextLimit } from '../text/text-limits.ts';
import type { Deliver } from './delivery.ts';
import { sendJson } from './http-request.ts';

/** Slack's limit of a block that is a header. */
const HEADER_LIMIT: TextLimit = { max: 150, sizeOf: inEscapedUnits };

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
        { type: 'header', text: plain(text.title, HEADER_LIMIT) },
        ...sections.map((part) => ({ type: 'section', text: plain(part, TEXT_LIMITS.slack) })),
      ],
    },
    signal,
  );
};

function plain(text: string, limit: TextLimit) {
  return { type: 'plain_text', text: cutText(text, limit), emoji: false };
}

/** The three characters that Slack reads in a text: https://docs.slack.dev/messaging/formatting-message-text */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
