import { homedir } from 'node:os';
import { restoreFrom } from '../core/database/recovery/restore.ts';
import { resolveHome, resolveUserPath } from '../core/fs/paths.ts';
import { QuickscrapeError } from '../core/lib/errors.ts';
import { sanitizeText } from '../core/lib/sanitize-text.ts';
import { pluralize, withHint } from '../core/lib/text.ts';
import { openWorkspace, type Workspace } from '../core/workspace.ts';
import type { RefusedHome } from './features/homes/model.ts';
import { formatHomeName, LABEL_VARIABLE, type OpenableHome } from './home/openable-home.ts';
import { formatDashboardHint } from './kernel/call.ts';
import type { Tone } from './kernel/model.ts';
import { RESTORED } from './kernel/notices.ts';
import { showRemoteDashboard } from './runtime/remote-dashboard.ts';

/** An open home, and what to say when it is shown. */
export interface ShownHome {
  readonly workspace: Workspace;
  readonly home: OpenableHome;
  readonly notice?: { readonly tone: Tone; readonly text: string; readonly subject?: string };
  /** The home that was to be shown instead, and why it is not. */
  readonly refused?: RefusedHome;
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
 * shown again, with the reason. A home whose backup is restored is the one before.
 * @throws QuickscrapeError when the home before cannot be opened again
 */
export async function openNextHome(
  wanted: OpenableHome,
  before: OpenableHome,
  options: { readOnly: boolean; color: boolean },
): Promise<ShownHome> {
  const { label, folder, ssh, restore } = wanted;
  if (restore !== undefined) return reopenRestored(before, restore);
  if (ssh !== undefined) {
    const end = await showRemoteDashboard({ name: `@${label.slice(1)}`, ssh }, options);
    return { ...reopen(before), ...(typeof end !== 'number' && { refused: { label, why: describe(end) } }) };
  }
  try {
    return { workspace: open(folder, 'refuse'), home: wanted };
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    return { ...reopen(before), refused: { label, why: describe(error) } };
  }
}

/** The home before, with the database of a backup; the dashboard must not use the database meanwhile. */
function reopenRestored(home: OpenableHome, backup: string): ShownHome {
  try {
    const paths = resolveHome({ home: home.folder });
    const { droppedRuns } = restoreFrom(paths, resolveUserPath(backup), Date.now());
    const workspace = open(home.folder, 'refuse');
    const { total } = workspace.runs.list({ limit: 1 });
    const dropped =
      droppedRuns.length === 0 ? '' : ` ${pluralize(droppedRuns.length, 'run')} that waited will not start.`;
    const text = `Restored ${pluralize(total, 'run')} from ${backup}. Nothing that was due before now starts.${dropped}`;
    return { workspace, home, notice: { tone: 'good', text: sanitizeText(text), subject: RESTORED } };
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    return { ...reopen(home), notice: { tone: 'bad', text: describe(error) } };
  }
}

function reopen(home: OpenableHome): ShownHome {
  return { workspace: open(home.folder, 'refuse'), home };
}

function describe(failure: QuickscrapeError): string {
  return withHint(failure.message, failure.formatHint(formatDashboardHint));
}

function open(home: string | undefined, missing: 'make_usual' | 'refuse'): Workspace {
  return openWorkspace({ home, actor: 'tui', formatHint: formatDashboardHint, missing });
}
