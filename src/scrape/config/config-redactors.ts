import { getWrittenValues } from '../../core/configs/written-secrets.ts';
import { createRedactor, type Redact } from '../../core/lib/redact.ts';
import { getWrittenPasswords } from './authentication.ts';
import { findSecretTexts, getUrlPasswords } from './cross-checks.ts';
import type { Path } from './issue-location.ts';

/** Removes what is secret in a configuration from texts. */
interface ConfigRedactors {
  /** Removes variables' values, passwords and written secrets. */
  redact: Redact;
  /** The same, but the author's own words stay. */
  redactSparing: Redact;
  /** Removes the secrets that are written at a path, or around it. */
  redactAt: (path: Path) => Redact;
  /** Removes variables' values and passwords. */
  unfill: Redact;
  /** Secrets that are written in the text, by a name that stands for each. */
  written: Record<string, string>;
}

/**
 * Creates the redactors of a configuration.
 * @param raw the tree as it is written
 * @param yaml its text
 * @param used values filled in, by variable
 */
export function createConfigRedactors(
  raw: Readonly<Record<string, unknown>>,
  yaml: string,
  used: Readonly<Record<string, string>>,
): ConfigRedactors {
  const passwords = { ...getWrittenPasswords(raw['authentication']), ...getUrlPasswords(raw) };
  const written = getWrittenValues(yaml);
  const own = Object.entries({ ...passwords, ...written });
  const places = findSecretTexts(raw).filter(({ text }) => own.some(([, value]) => text.includes(value)));
  const isSecret = (path: Path) => places.some((place) => isSamePath(place.path, path));
  const secrets = { ...used, ...passwords, ...written };
  return {
    redact: createRedactor(secrets),
    redactSparing: createRedactor(secrets, collectSparedTexts(raw, isSecret)),
    // Findings about other places quote what is written there. Redacting it would confirm that a secret was guessed.
    redactAt(path) {
      const texts = places.filter((place) => isWithin(place.path, path)).map(({ text }) => text);
      return createRedactor(
        Object.fromEntries(own.filter(([, value]) => texts.some((text) => text.includes(value)))),
      );
    },
    unfill: createRedactor({ ...used, ...passwords }),
    written,
  };
}

/** Whether one of two paths leads through the other, or both are the same. */
export function isWithin(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  return isSamePath(one.slice(0, length), other.slice(0, length));
}

function isSamePath(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((part, at) => part === other[at]);
}

/**
 * Collects the texts that redaction spares: keys, and values that contain no variable and are not the place of a secret.
 * The same text elsewhere may be a guess.
 */
function collectSparedTexts(tree: unknown, isSecret: (path: Path) => boolean, path: Path = []): string[] {
  if (typeof tree === 'string') return tree.includes('${') || isSecret(path) ? [] : [tree];
  if (typeof tree === 'number') return isSecret(path) ? [] : [String(tree)];
  if (Array.isArray(tree))
    return tree.flatMap((entry, index) => collectSparedTexts(entry, isSecret, [...path, index]));
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) => [
    key,
    ...collectSparedTexts(value, isSecret, [...path, key]),
  ]);
}
