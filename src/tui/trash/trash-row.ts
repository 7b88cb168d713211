import type { Author } from '../home/home-data.ts';

/** Something that lies in the home's trash. */
export interface TrashRow {
  readonly kind: 'job' | 'config';
  /** The job's id or the configuration's name. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly deletedAt: number;
  readonly by: Author;
  readonly file: string;
  /** What it was, in one line. */
  readonly about: string;
  /** Of a configuration the revision of its text; `null` for a job. */
  readonly revision: string | null;
}
