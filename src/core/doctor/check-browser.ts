import { type Finding, findingsOf } from './finding.ts';

export interface BrowserFacts {
  /** The program that was found. */
  path: string | undefined;
  /** Configurations that want a browser. */
  wantedBy: readonly string[];
}

/** Whether there is a Chromium for configurations that need one. */
export function checkBrowser({ path, wantedBy }: BrowserFacts): Finding[] {
  const { ok, warning } = findingsOf('browser');
  if (path !== undefined) return [ok('Chromium is there', { where: path })];
  if (wantedBy.length === 0) return [ok('no Chromium was found, and no configuration needs one')];
  return [
    warning(`no Chromium was found, which ${wantedBy.join(', ')} want${wantedBy.length === 1 ? 's' : ''}`, {
      fix: 'npx playwright install chromium, or install it with the system’s packages: sudo apt install chromium',
    }),
  ];
}
