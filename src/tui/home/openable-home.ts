import { hostname } from 'node:os';
import { sep } from 'node:path';
import type { SshHome } from '../../core/fs/homes-file.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';

/** The name of the home for the header of a dashboard that another machine shows. */
export const LABEL_VARIABLE = 'QUICKSCRAPE_HOME_LABEL';
/** The end of such a name. */
export const OVER_SSH = ' over ssh';

/** Names this machine behind a file, for a person who sees the dashboard on another one; else nothing. */
export function describeMachine(env: NodeJS.ProcessEnv): string {
  return env[LABEL_VARIABLE] ? ` on ${hostname()}` : '';
}

/** A home that the dashboard can open. */
export interface OpenableHome {
  /** Its name in `homes.yaml`, `@acme`, or its folder as people write it. */
  readonly label: string;
  /** Where it is, as people write it. */
  readonly place: string;
  /** Its folder on this machine. */
  readonly folder?: string;
  /** How ssh reaches it on another machine. */
  readonly ssh?: SshHome;
  /** The home that is shown, opened again after this backup of its database was restored: a path as the user wrote it. */
  readonly restore?: string;
}

/** Whether a home has a name, and is not called by its folder. */
export function hasName({ label }: OpenableHome): boolean {
  return label.startsWith('@');
}

/** Formats a home's folder: `~/.quickscrape` when it lies in the user's folder. */
export function formatHomeName(home: string, userFolder: string): string {
  const isInside = userFolder !== sep && home.startsWith(`${userFolder}${sep}`);
  return sanitizeText(isInside ? `~${home.slice(userFolder.length)}` : home);
}
