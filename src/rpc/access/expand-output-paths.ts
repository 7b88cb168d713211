import { type Dirent, readdirSync } from 'node:fs';
import { join, parse, sep } from 'node:path';

const PLACEHOLDER = /\{([^{}]*)\}/;
/** What may stand in the place of a placeholder; for the names of jobs, runs and configurations any of them. */
const PLACEHOLDER_PATTERNS: Readonly<Record<string, string>> = {
  date: '\\d{4}-\\d\\d-\\d\\d',
  time: '\\d\\d-\\d\\d-\\d\\d',
  datetime: '\\d{4}-\\d\\d-\\d\\d_\\d\\d-\\d\\d-\\d\\d',
  timestamp: '\\d+',
};
const NAME_PATTERN = '[a-z0-9_-]+';

/**
 * An output path with placeholders, and every place that is there already and that they may lead to: over a link with a
 * name such as one of them, or into a folder. So a link is seen before a run follows it.
 * @param template absolute
 */
export function expandOutputPaths(template: string): string[] {
  const { root } = parse(template);
  const segments = template.slice(root.length).split(sep);
  return segments.reduce(
    (paths, segment, index) => {
      const next = paths.map((path) => join(path, segment));
      if (!PLACEHOLDER.test(segment)) return next;
      const pattern = toPattern(segment);
      const isLast = index === segments.length - 1;
      return [
        ...next,
        ...paths.flatMap((path) =>
          readEntries(path)
            .filter((entry) => entry.isSymbolicLink() || (entry.isDirectory() && !isLast))
            .filter(({ name }) => pattern.test(name))
            .map(({ name }) => join(path, name)),
        ),
      ];
    },
    [root],
  );
}

function toPattern(segment: string): RegExp {
  // Of a text that is split by a group, every second part is what the group has found.
  const parts = segment
    .split(PLACEHOLDER)
    .map((part, index) =>
      index % 2 === 0
        ? part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
        : (PLACEHOLDER_PATTERNS[part] ?? NAME_PATTERN),
    );
  // There are disks that know no capitals.
  return new RegExp(`^${parts.join('')}$`, 'i');
}

function readEntries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // It is not there (yet), or nobody can look into it.
    return [];
  }
}
