import type { ChannelType } from '../../core/channels/channel-rules.ts';
import { escapeHtml } from '../../core/lib/escape-html.ts';

/** How much text a service takes, in the unit that the service counts in. */
export interface TextLimit {
  max: number;
  /** The size of a text; the size of a longer text is the sum of its characters' sizes. */
  sizeOf: (text: string) => number;
}

export const inUnits = (text: string) => text.length;
export const inBytes = (text: string) => Buffer.byteLength(text);
export const inEscapedUnits = (text: string) => escapeHtml(text).length;

const NTFY_BYTES = 4_000;
/** What title, topic and the names of the fields leave of ntfy's 8,192 bytes. */
const NTFY_JSON_BYTES = 7_400;

/**
 * ntfy makes an attachment of a text of 4,096 bytes or more, and refuses a JSON body of more than 8,192 bytes, in which
 * a quote is two: https://docs.ntfy.sh/publish/#limitations
 */
function inNtfyBytes(text: string): number {
  let size = 0;
  for (const character of text) {
    const inJson = inBytes(JSON.stringify(character)) - 2;
    size += Math.max(inBytes(character), (inJson * NTFY_BYTES) / NTFY_JSON_BYTES);
  }
  return size;
}

/** The limits of a message without its title. Where a service does not say what a character is, the strictest reading. */
export const TEXT_LIMITS: Readonly<Record<Exclude<ChannelType, 'heartbeat'>, TextLimit>> = {
  email: { max: 20_000, sizeOf: inBytes },
  webhook: { max: 20_000, sizeOf: inBytes },
  gotify: { max: 20_000, sizeOf: inBytes },
  ntfy: { max: NTFY_BYTES, sizeOf: inNtfyBytes },
  // Of a block: https://docs.slack.dev/reference/block-kit/blocks/section-block
  slack: { max: 3_000, sizeOf: inEscapedUnits },
  // Of 4,096, without the marks of the block of code: https://discord.com/developers/docs/resources/message
  discord: { max: 4_088, sizeOf: inUnits },
  // Of 4,096 after entities are read, without a title of 200: https://core.telegram.org/bots/api#sendmessage
  telegram: { max: 3_890, sizeOf: inUnits },
  desktop: { max: 500, sizeOf: inUnits },
};

/** Cuts a text to a limit, never within a character, and marks the cut with an ellipsis. */
export function cutText(text: string, { max, sizeOf }: TextLimit): string {
  if (sizeOf(text) <= max) return text;
  const room = max - sizeOf('…');
  let size = 0;
  let end = 0;
  for (const character of text) {
    size += sizeOf(character);
    if (size > room) break;
    end += character.length;
  }
  return `${text.slice(0, end)}…`;
}

/**
 * Joins as many entries as fit into a limit, and says how many there are besides: `and 12 more`.
 * @param total of which `entries` are the first
 */
export function joinWithin(
  entries: readonly string[],
  { total, separator, limit }: { total: number; separator: string; limit: TextLimit },
): string {
  const { max, sizeOf } = limit;
  const ending = (named: number) =>
    named < total ? `${separator}and ${(total - named).toLocaleString('en-US')} more` : '';
  const reserve = sizeOf(ending(0));
  const sizes = entries.map((entry) => sizeOf(entry) + sizeOf(separator));
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  if (entries.length === total && whole <= max) return entries.join(separator);
  let size = 0;
  const kept: string[] = [];
  for (const [index, entry] of entries.entries()) {
    size += sizes[index] ?? 0;
    if (size + reserve > max) break;
    kept.push(entry);
  }
  // One entry may be longer than all that fits.
  if (kept.length === 0 && entries[0] !== undefined)
    kept.push(cutText(entries[0], { max: max - reserve, sizeOf }));
  return `${kept.join(separator)}${ending(kept.length)}`;
}
