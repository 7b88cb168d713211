import { existsSync } from 'node:fs';
import { type HomePaths, resolveUserPath } from '../fs/paths.ts';
import { isInside, refuseHomeFiles } from '../fs/refuse-home-files.ts';
import { realPath, refuseForeignLinks } from '../fs/symlinks.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { formatFromPath, KNOWN_ENDINGS, type OutputFormat } from '../model/output-format.ts';
import { refuseGzip } from '../model/output-path.ts';
import { currentUserId } from '../process/platform.ts';

/** A file that a person names for items, and the format of its ending. */
export interface ItemDestination {
  /** Absolute. */
  file: string;
  format: OutputFormat;
  /**
   * Checks a place that `file` leads to, again right before it is written.
   * @throws QuickscrapeError as {@link resolveItemDestination}
   */
  mayWrite(place: string): void;
}

interface DestinationRules {
  /** An existing file may be replaced. */
  force: boolean;
  /** Nothing in the home may be written, not even in its `output/`. */
  isHomeReadOnly?: boolean | undefined;
}

/**
 * Resolves a file that a person names for items. A relative path is relative to the working directory, and `~/` is the
 * person's folder.
 * @throws QuickscrapeError `invalid_params` for an ending that names no format, for a file among the home's own, and for
 *   a path over another user's link; `conflict` when the file exists; `not_allowed` in a read-only home
 */
export function resolveItemDestination(
  paths: HomePaths,
  to: string,
  { force, isHomeReadOnly = false }: DestinationRules,
): ItemDestination {
  const file = resolveUserPath(to);
  const format = formatFromPath(file);
  if (format === undefined) throw unknownEnding(to);
  refuseGzip(file, format, 'to');
  const mayWrite = (place: string) => {
    refuseForeignLinks(place, currentUserId(), 'to');
    refuseHomeFiles(paths, place, 'to');
    if (isHomeReadOnly && isInside(realPath(paths.home), realPath(place)))
      throw new QuickscrapeError(
        'not_allowed',
        `to: ${place} is in the home, which is opened with --read-only`,
        {
          field: 'to',
          hint: `Use a folder outside ${paths.home}.`,
        },
      );
    if (!force && existsSync(place))
      throw new QuickscrapeError('conflict', `to: ${place} exists already`, {
        field: 'to',
        hint: 'Add --force to replace it, or name another file.',
      });
  };
  mayWrite(file);
  return { file, format, mayWrite };
}

function unknownEnding(to: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `to: the ending of ${JSON.stringify(to)} names no format`, {
    field: 'to',
    hint: `End it in one of ${KNOWN_ENDINGS.join(', ')}; those of csv, json and jsonl may be followed by .gz.`,
  });
}
