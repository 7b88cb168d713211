import { homedir } from 'node:os';
import { QuickscrapeError } from '../core/lib/errors.ts';
import { withHint } from '../core/lib/text.ts';
import { openWorkspace, type Workspace } from '../core/workspace.ts';
import { formatHomeName, LABEL_VARIABLE, type OpenableHome } from './home/openable-home.ts';
import { formatDashboardHint } from './kernel/call.ts';
import type { Tone } from './kernel/model.ts';
import { showRemoteDashboard } from './runtime/remote-dashboard.ts';

/** An open home, and what to say when it is shown. */
export interface ShownHome {
  readonly workspace: Workspace;
  readonly home: OpenableHome;
  readonly notice?: { readonly tone: Tone; readonly text: string };
}

/**
 * Opens the home that the dashboard was started with.
 * @param folder `undefined`: the default home, which is made if it does not exist
 * @param name its name in `homes.yaml`
 * @throws QuickscrapeError the errors of opening a home
 */
export function openFirstHome(folder: string | undefined, name: string | undefined): ShownHome {
  const workspace = open(folder, 'make_usual');
  const { home } = workspace.paths;
  const place = formatHomeName(home, homedir());
  const label = process.env[LABEL_VARIABLE] || name || place;
  const made = { tone: 'good', text: `Made the home ${home}.` } as const;
  return { workspace, home: { label, place, folder: home }, ...(workspace.isNew && { notice: made }) };
}

/**
 * Opens another home; one on another machine is shown until it is left. Where that cannot be done, the home before is
 * shown again, with the reason.
 * @throws QuickscrapeError when the home before cannot be opened again
 */
export async function openNextHome(
  wanted: OpenableHome,
  before: OpenableHome,
  options: { readOnly: boolean; color: boolean },
): Promise<ShownHome> {
  const { label, folder, ssh } = wanted;
  if (ssh !== undefined) {
    const end = await showRemoteDashboard({ name: `@${label.slice(1)}`, ssh }, options);
    return reopen(before, typeof end === 'number' ? undefined : end);
  }
  try {
    return { workspace: open(folder, 'refuse'), home: wanted };
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    return reopen(before, error);
  }
}

function reopen(home: OpenableHome, failure: QuickscrapeError | undefined): ShownHome {
  const workspace = open(home.folder, 'refuse');
  if (failure === undefined) return { workspace, home };
  const text = withHint(failure.message, failure.formatHint(formatDashboardHint));
  return { workspace, home, notice: { tone: 'bad', text } };
}

function open(home: string | undefined, missing: 'make_usual' | 'refuse'): Workspace {
  return openWorkspace({ home, actor: 'tui', formatHint: formatDashboardHint, missing });
}
