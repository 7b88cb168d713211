import { sqlCode } from '../../../core/database/sql-errors.ts';
import type { QuickscrapeError } from '../../../core/lib/errors.ts';
import { ScrapeError } from '../../lib/scrape-error.ts';
import { toOutputError } from '../output-error.ts';

type Description = readonly [code: string, text: (file: string) => string, hint: string];

const UNCHANGED_HINT = 'What was there before is unchanged.';

const DESCRIPTIONS: readonly Description[] = [
  [
    'SQLITE_BUSY',
    (file) => `${file} is held by another program`,
    `Close what has it open for writing, or what reads it for long. ${UNCHANGED_HINT}`,
  ],
  [
    'SQLITE_LOCKED',
    (file) => `${file} is held by another program`,
    `Close what has it open. ${UNCHANGED_HINT}`,
  ],
  [
    'SQLITE_FULL',
    (file) => `no space left on the disk of ${file}`,
    `Free some space or choose an output path on another disk. ${UNCHANGED_HINT}`,
  ],
  [
    'SQLITE_READONLY',
    (file) => `${file} is read-only`,
    'Change its permissions, or choose another output path.',
  ],
  [
    'SQLITE_NOTADB',
    (file) => `${file} is not an SQLite database, or an encrypted one`,
    'Move it away, or choose another output path. It was left as it is.',
  ],
  [
    'SQLITE_CORRUPT',
    (file) => `${file} is damaged`,
    'Move it away, or recover it: sqlite3 FILE .recover. It was left as it is.',
  ],
  [
    'SQLITE_CONSTRAINT',
    (file) => `${file} refuses a row`,
    `Its table has rules that the row breaks; for rows that are there already, name their field: output.key. ${UNCHANGED_HINT}`,
  ],
];

/** Turns a failure of SQLite into kind `output`; others go the way of the file system's. */
export function toDatabaseError(error: unknown, file: string): ScrapeError | QuickscrapeError {
  const code = sqlCode(error);
  if (code === undefined || error instanceof ScrapeError) return toOutputError(error, file);
  const message = (error as Error).message;
  const [, text, hint] = DESCRIPTIONS.find(([prefix]) => code.startsWith(prefix)) ?? [
    code,
    () => `${file} cannot be written`,
    `Check the disk and the permissions of its folder. ${UNCHANGED_HINT}`,
  ];
  return new ScrapeError('output', `${text(file)} (${message})`, { hint, cause: error });
}
