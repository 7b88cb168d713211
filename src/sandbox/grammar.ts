import type { Random } from './random.ts';

/** Word lists by the name that a template uses: `{Noun}` stands for one word of `noun`. */
export type Words = Readonly<Record<string, readonly string[]>>;

/**
 * Fills a template with random words: `{Name}` takes a word as written in the list, `{name}` takes it in small letters.
 * Writes `an` in front of a vowel. Throws a RangeError for a name without words.
 */
export function expand(template: string, words: Words, random: Random): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, place: string) => {
    const name = place.toLowerCase();
    const word = random.pick(words[name] ?? []);
    return place === name ? word.toLowerCase() : word;
  });
  return filled.replace(/(?<!\p{L})(a) (?=[aeiouåé]|honest)/giu, '$1n ');
}
