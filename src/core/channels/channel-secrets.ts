import { canParseUrl } from '../lib/can-parse-url.ts';
import type { Channel } from './channel-rules.ts';

/** A shorter word is one such as `api` or `hooks`, unless it mixes letters and digits. */
const MIN_WORD = 8;
const isWordSecret = (word: string) => word.length >= MIN_WORD || (/\d/.test(word) && /[a-z]/i.test(word));
/** A part of an address after one of these is a token, however short. */
const TOKEN_PATH = /^(?:services|webhooks?|hooks?|bot|ping)$/i;

/**
 * The texts of a channel that no error may repeat, by the field that has them: passwords, tokens, headers, what an
 * address has besides its host, and the values in a body. Receivers and libraries repeat them, or parts of them, in
 * what they answer.
 * @param channel with its `${NAME}` filled in
 */
export function channelSecrets(channel: Channel): Record<string, string> {
  const found = Object.entries(channel).flatMap(([field, value]) =>
    secretsOf(field, value, channel.type).map((text) => [field, text] as const),
  );
  return Object.fromEntries(found.map(([field, text], index) => [`${field}.${index}`, text]));
}

function secretsOf(field: string, value: unknown, type: Channel['type']): string[] {
  switch (field) {
    // The token of a bot is its number and a key; a secret of Standard Webhooks has a mark in front.
    case 'token':
    case 'password':
    case 'secret':
      return [String(value), ...String(value).split(/:|^whsec_/)];
    case 'url':
    case 'server':
      return addressSecrets(String(value), type);
    case 'headers':
      return Object.values(value as Record<string, string>).flatMap(headerSecrets);
    case 'body':
      return findValues(String(value));
    default:
      return [];
  }
}

/** A header, each of its words but the first, which may be `Bearer`, and the user and password of `Basic`. */
function headerSecrets(text: string): string[] {
  const [first = '', ...words] = text.split(/[\s,;"]+/);
  const pair = /^basic$/i.test(first) ? Buffer.from(words[0] ?? '', 'base64').toString() : '';
  return [text, ...words, ...words.map((word) => word.replace(/^[\w-]+=/, '')), pair, ...pair.split(':')];
}

/** The words of a template's body that are neither a placeholder nor the name of a field. */
function findValues(body: string): string[] {
  const words = body.replaceAll(/\{\w+\}/g, ' ').matchAll(/([^\s{}[\](),;:="'<>&]+)(["']?\s*[:=](?!\/\/))?/g);
  return [...words].flatMap(([, word = '', isName]) =>
    isName === undefined && isWordSecret(word) ? word : [],
  );
}

function addressSecrets(address: string, type: Channel['type']): string[] {
  if (!canParseUrl(address)) return [address];
  const { username, password, pathname, searchParams } = new URL(address);
  const parts = pathname.split(/[/:]/).map(decode);
  const segments = parts.filter(
    (part, index) =>
      isWordSecret(part) ||
      // The topic of ntfy is all that its readers need.
      type === 'ntfy' ||
      parts.slice(0, index).some((before) => TOKEN_PATH.test(before)),
  );
  const query = [...searchParams].map(([name, value]) => value || name);
  return [decode(username), decode(password), ...segments, ...query];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
