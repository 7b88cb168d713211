import { hash } from 'node:crypto';
import { sanitizeLines } from '../lib/sanitize-text.ts';

/** A part of a content that goes on. */
export interface ContentPart {
  content: string;
  /** Where the next part begins, in characters; `null` at the end. */
  next_offset: number | null;
  /** Changes with the content. */
  revision: string;
  notes: string[];
}

/**
 * Cuts a content to what fits from an offset on, at the end of a line if one is near.
 * @param maxBytes of JSON
 */
export function cutContent(content: string, offset: number, maxBytes: number): ContentPart {
  const revision = hash('sha256', content, 'hex').slice(0, 12);
  let end = Math.min(content.length, offset + maxBytes);
  for (;;) {
    const bytes = Buffer.byteLength(JSON.stringify(sanitizeLines(content.slice(offset, end))));
    if (bytes <= maxBytes) break;
    end = offset + Math.max(1, Math.floor((end - offset) * Math.min(0.95, maxBytes / bytes)));
  }
  if (end < content.length) {
    const line = content.lastIndexOf('\n', end - 1) + 1;
    if (line > offset + (end - offset) / 2) end = line;
    else if (/[\uD800-\uDBFF]/.test(content.charAt(end - 1)) && end - 1 > offset) end -= 1;
  }
  const isLast = end >= content.length;
  return {
    content: content.slice(offset, end),
    next_offset: isLast ? null : end,
    notes: isLast ? [] : [`shown are characters ${offset} to ${end} of ${content.length}; cursor continues`],
    revision,
  };
}
