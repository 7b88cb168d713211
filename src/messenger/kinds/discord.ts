import { formatChanges } from '../text/format-changes.ts';
import type { Deliver } from './delivery.ts';
import { sendJson } from './http-request.ts';

const MAX_TITLE = 256;
const MAX_DESCRIPTION = 4_000;
const RED = 0xc0392b;
const GREEN = 0x27ae60;
const GREY = 0x7f8c8d;

/**
 * Posts to a webhook of Discord. Its texts mention no user, whatever they say. What may come from a page is in a block of
 * code, where Discord reads neither links nor formats.
 */
export const postToDiscord: Deliver<'discord'> = (channel, { text }, signal) => {
  const parts = [...text.paragraphs, formatChanges(text), text.next.join('\n')].filter((part) => part !== '');
  const body = parts.join('\n\n').replaceAll('`', 'ʼ');
  const cut = body.length <= MAX_DESCRIPTION ? body : `${body.slice(0, MAX_DESCRIPTION - 1)}…`;
  return sendJson(
    channel.url,
    {
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: escapeDiscord(text.title).slice(0, MAX_TITLE),
          description: `\`\`\`\n${cut}\n\`\`\``,
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
