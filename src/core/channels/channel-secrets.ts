import type { Channel } from './channel-rules.ts';

/** A shorter part of an address is a word such as `api` or `hooks`. */
const MIN_SEGMENT = 8;

/**
 * The texts of a channel that no error may repeat, by the field that has them: passwords, tokens, headers, and what an
 * address has besides its host. Receivers and libraries repeat them in what they answer.
 * @param channel with its `${NAME}` filled in
 */
export function channelSecrets(channel: Channel): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [field, value] of Object.entries(channel)) {
    if (['token', 'password', 'secret'].includes(field)) found[field] = String(value);
    else if (field === 'url' || field === 'server')
      Object.assign(found, addressSecrets(field, String(value)));
    else if (field === 'headers')
      for (const [name, text] of Object.entries(value as Record<string, string>))
        found[`headers.${name}`] = text;
  }
  return found;
}

function addressSecrets(field: string, address: string): Record<string, string> {
  if (!URL.canParse(address)) return { [field]: address };
  const { password, pathname, searchParams } = new URL(address);
  const segments = pathname.split('/').filter((segment) => segment.length >= MIN_SEGMENT);
  const texts = [password, ...segments, ...searchParams.values()].filter((text) => text !== '');
  return Object.fromEntries(
    texts.map((text, index) => [`${field}${index === 0 ? '' : `.${index}`}`, decode(text)]),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
