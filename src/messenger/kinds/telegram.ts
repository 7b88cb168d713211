import { escapeHtml } from '../../core/lib/escape-html.ts';
import { formatChanges } from '../text/format-changes.ts';
import type { Deliver } from './delivery.ts';
import { sendJson } from './http-request.ts';

/** Telegram's limit is 4,096 characters after entities are read. */
const MAX_CHARACTERS = 3_500;

/**
 * Sends a message by a bot of Telegram. What may come from a page is code, in which Telegram reads neither links nor
 * mentions.
 */
export const sendToTelegram: Deliver<'telegram'> = (channel, { text }, signal) => {
  const body = [...text.paragraphs, formatChanges(text), text.next.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
  const cut = body.length <= MAX_CHARACTERS ? body : `${body.slice(0, MAX_CHARACTERS - 1)}…`;
  const server = channel.server.replace(/\/+$/, '');
  return sendJson(
    `${server}/bot${channel.token}/sendMessage`,
    {
      chat_id: channel.chat,
      parse_mode: 'HTML',
      text: `<b>${escapeHtml(text.title)}</b>\n<pre>${escapeHtml(cut)}</pre>`,
      link_preview_options: { is_disabled: true },
    },
    signal,
  );
};
