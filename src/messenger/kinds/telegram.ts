import { escapeHtml } from '../../core/lib/escape-html.ts';
import { toPlainText } from '../text/plain-text.ts';
import { TEXT_LIMITS } from '../text/text-limits.ts';
import type { Deliver } from './delivery.ts';
import { sendJson } from './http-request.ts';

/**
 * Sends a message by a bot of Telegram. What may come from a page is code, in which Telegram reads neither links nor
 * mentions: the body, and a title that a template has made.
 */
export const sendToTelegram: Deliver<'telegram'> = (channel, { text }, signal) => {
  const body = toPlainText(text, TEXT_LIMITS.telegram);
  const title = text.isTitleOfTemplate === true ? 'code' : 'b';
  const server = channel.server.replace(/\/+$/, '');
  return sendJson(
    `${server}/bot${channel.token}/sendMessage`,
    {
      chat_id: channel.chat,
      parse_mode: 'HTML',
      text: `<${title}>${escapeHtml(text.title)}</${title}>\n<pre>${escapeHtml(body)}</pre>`,
      link_preview_options: { is_disabled: true },
    },
    signal,
  );
};
