import { foldText } from '../../ui/text/fold-text.ts';
import type { FieldPath, Form } from './model.ts';

import { zones } from './presets.ts';

/** The maximum number of completions for a field. The right arrow inserts the first. */
const MAX_COMPLETIONS = 4;

/**
 * The completions of a field's text, best match first. Empty when the field has no completions, or when its text
 * already equals one.
 * @param tags returns the tags in use in the home
 */
export function completeField(form: Form, path: FieldPath, tags: () => readonly string[]): readonly string[] {
  const text = form.texts[path];
  switch (path) {
    case 'config_name':
      return closest(text, form.configs ?? []);
    case 'schedule.timezone':
      return closest(text, zones());
    case 'tags': {
      const start = text.lastIndexOf(',') + 1;
      const head = text.slice(0, start);
      const word = text.slice(start).trimStart();
      const space = head === '' ? '' : ' ';
      const used = head.split(',').map((one) => one.trim());
      return closest(
        word,
        tags().filter((tag) => !used.includes(tag)),
      ).map((tag) => `${head}${space}${tag}`);
    }
    default:
      return [];
  }
}

/**
 * Sorts names that start with the text first, then names with a matching part (`berlin` in `Europe/Berlin`), then names
 * that contain it.
 */
function closest(text: string, names: readonly string[]): readonly string[] {
  const wanted = foldText(text.trim()).replaceAll(' ', '_');
  if (wanted === '' || names.includes(text.trim())) return [];
  const ranked = names.flatMap((name) => {
    const rank = completionRank(foldText(name), wanted);
    return rank === undefined ? [] : [{ name, rank }];
  });
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MAX_COMPLETIONS)
    .map(({ name }) => name);
}

function completionRank(name: string, wanted: string): number | undefined {
  if (name.startsWith(wanted)) return 0;
  if (name.split(/[/_-]/).some((part) => part.startsWith(wanted)) || name.includes(`/${wanted}`)) return 1;
  return name.includes(wanted) ? 2 : undefined;
}
