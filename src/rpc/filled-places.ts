import { type Dirent, readdirSync } from 'node:fs';
import { join, parse, sep } from 'node:path';

const PLACEHOLDER = /\{([^{}]*)\}/;
/** What may stand in the place of a placeholder; for the names of jobs, runs and configurations any of them. */
const FILLED: Readonly<Record<string, string>> = {
  date: '\\d{4}-\\d\\d-\\d\\d',
  time: '\\d\\d-\\d\\d-\\d\\d',
  datetime: '\\d{4}-\\d\\d-\\d\\d_\\d\\d-\\d\\d-\\d\\d',
  timestamp: '\\d+',
};
const ANY_NAME = '[a-z0-9_-]+';

/**
 * An output path with placeholders, and every place that is there already and that they may lead to: over a link with a
 * name such as one of them, or into a folder. So a link is seen before a run follows it.
 * @param template absolute
 */
export function filledPlaces(template: string): string[] {
  const { root } = parse(template);
  const segments = template.slice(root.length).split(sep);
  return segments.reduce(
    (places, segment, index) => {
      const next = places.map((place) => join(place, segment));
      if (!PLACEHOLDER.test(segment)) return next;
      const isWanted = patternOf(segment);
      const isLast = index === segments.length - 1;
      return [
        ...next,
        ...places.flatMap((place) =>
          entriesOf(place)
            .filter((entry) => entry.isSymbolicLink() || (entry.isDirectory() && !isLast))
            .filter(({ name }) => isWanted.test(name))
            .map(({ name }) => join(place, name)),
        ),
      ];
    },
    [root],
  );
}

function patternOf(segment: string): RegExp {
  // Of a text that is split by a group, every second part is what the group has found.
  const parts = segment
    .split(PLACEHOLDER)
    .map((part, index) =>
      index % 2 === 0 ? part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&') : (FILLED[part] ?? ANY_NAME),
    );
  // There are disks that know no capitals.
  return new RegExp(`^${parts.join('')}$`, 'i');
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // It is not there (yet), or nobody can look into it.
    return [];
  }
}
