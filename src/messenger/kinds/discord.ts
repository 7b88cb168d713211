import { formatChanges } from '../text/format-changes.ts';
import { cutText, TEXT_LIMITS, type TextLimit } from '../text/text-limits.ts';
import type { Deliver } from './delivery.ts';
import { sendJson } from './http-request.ts';

const TITLE_LIMIT: TextLimit = { max: 256, sizeOf: (text) => escapeDiscord(text).length };
const RED = 0xc0392b;
const GREEN = 0x27ae60;
const GREY = 0x7f8c8d;

/**
 * Posts to a webhook of Discord. Its texts mention no user, whatever they say. What may come from a page is in a block of
 * code, where Discord reads neither links nor formats.
 */
export const postToDiscord: Deliver<'discord'> = (channel, { text }, signal) => {
  const parts = [...text.paragraphs, formatChanges(text), text.next.join('\n')].filter((part) => part !== '');
  const body = cutText(parts.join('\n\n').replaceAll('`', 'ʼ'), TEXT_LIMITS.discord);
  return sendJson(
    channel.url,
    {
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: escapeDiscord(cutText(text.title, TITLE_LIMIT)),
          description: `\`\`\`\n${body}\n\`\`\``,
          color: colourOf(text.event),
        },
      ],
    },
    signal,
  );
};

function colourOf(event: string): number {
  if (event === 'failure' || event === 'paused' || event === 'channel') return RED;
  return event === 'recovery' ? GREEN : GREY;
}

/** A backslash before each character that Discord reads as a format. */
function escapeDiscord(text: string): string {
  return text.replaceAll(/[\\*_~`|>[\]()<@#:-]/g, '\\$&');
}
