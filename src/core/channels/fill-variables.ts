import type { Environment } from '../configs/home-environment.ts';

const REFERENCE = /\$(\$\{)|\$\{([A-Za-z_]\w*)\}/g;

/** A channel with its variables filled in, or the names of those that are not set. */
export type Filled<T> = { value: T; secrets: Record<string, string> } | { unset: string[] };

/**
 * Replaces `${NAME}` in every text of a channel; `$${` stands for `${`. Inserted values are not expanded again.
 * @returns the inserted values by variable too, because no error may repeat them
 */
export function fillVariables<T>(channel: T, env: Environment): Filled<T> {
  const unset = new Set<string>();
  const secrets: Record<string, string> = {};
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner)]));
    if (typeof value !== 'string') return value;
    return value.replaceAll(REFERENCE, (_, escaped: string | undefined, name: string) => {
      if (escaped !== undefined) return '${';
      const found = Object.hasOwn(env, name) ? env[name] : undefined;
      if (found === undefined) unset.add(name);
      else secrets[name] = found;
      return found ?? '';
    });
  };
  const value = fill(channel) as T;
  return unset.size > 0 ? { unset: [...unset] } : { value, secrets };
}
