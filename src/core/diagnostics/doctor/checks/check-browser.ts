import type { FoundBrowser } from '../../../process/find-browser.ts';
import { createFindings, type Finding } from '../finding.ts';

export interface BrowserFacts {
  found: FoundBrowser;
  /** The command that installs one here. */
  install: string;
  /** Configurations that want a browser. */
  wantedBy: readonly string[];
}

/** Whether there is a Chromium for configurations that need one. */
export function checkBrowser({ found, install, wantedBy }: BrowserFacts): Finding[] {
  const { ok, warning } = createFindings('browser');
  if ('path' in found) return [ok('Chromium is there', { where: found.path })];
  if (wantedBy.length === 0) return [ok(`${found.missing}, and no configuration needs one`)];
  return [
    warning(`${found.missing}; ${wantedBy.join(', ')} want${wantedBy.length === 1 ? 's' : ''} one`, {
      fix: `${install}, or name one: quickscrape config set browser_path FILE`,
    }),
  ];
}
