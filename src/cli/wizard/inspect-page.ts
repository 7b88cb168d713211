import { proposeSelectors } from '../../core/configs/scraper-client.ts';
import type { ProposalResponse } from '../../core/configs/scraper-protocol.ts';
import { nameFor } from '../../core/configs/skeleton.ts';
import type { CommandContext } from '../context/context.ts';

/** What repeats on a page. @throws QuickscrapeError `invalid_config` when it cannot be fetched */
export async function inspectPage(
  context: CommandContext,
  url: string,
  backend: 'requests' | 'browser' = 'requests',
): Promise<ProposalResponse> {
  const { paths } = await context.workspace();
  return proposeSelectors(
    { url, name: 'the page', home: paths.home, backend },
    { signal: context.interrupt.signal },
  );
}

/** A name that nobody has yet: the address's own, or that with a number. */
export function findFreeName(url: string, isTaken: (name: string) => boolean): string {
  const name = nameFor(url) || 'pages';
  let free = name;
  for (let number = 2; isTaken(free); number += 1) free = `${name.slice(0, 60)}-${number}`;
  return free;
}
