import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { FormatHint } from '../../core/lib/hints.ts';
import { openWorkspace, type Workspace } from '../../core/workspace.ts';
import { operationHints } from '../access/operation-hints.ts';
import type { Policy } from '../access/policy.ts';
import { exposedOperations, Session } from '../access/session.ts';

export interface WorkspaceOpenerOptions {
  /** The home folder, if not the default one. */
  home: string | undefined;
  policy: Policy;
  /** Formats hints; default: they name operations. */
  formatHint?: FormatHint | undefined;
  /** Logs a message for people. */
  log(message: string): void;
}

interface Opened {
  workspace: Workspace;
  session: Session;
}

/** Opens the home of a server. If there is no home, each call checks for it again. */
export class WorkspaceOpener {
  readonly #options: WorkspaceOpenerOptions;
  #opened: Opened | undefined;
  #opening: Promise<Opened> | undefined;

  constructor(options: WorkspaceOpenerOptions) {
    this.#options = options;
  }

  /** Opens the home; logs a message if there is none. @throws QuickscrapeError when it exists and cannot be opened */
  async openIfExists(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      if (!(error instanceof QuickscrapeError && error.code === 'home_not_found')) throw error;
      this.#options.log([error.message, error.hint].join('. '));
    }
  }

  /** @throws QuickscrapeError `home_not_found`, and the errors of opening a home */
  async open(): Promise<Opened> {
    if (this.#opened !== undefined) return this.#opened;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** The session that answers calls. Each call opens the home if it is not open yet. */
  async session(): Promise<Pick<Session, 'names' | 'call'>> {
    const names = [...(await exposedOperations(this.#options.policy)).keys()];
    return {
      names: () => names,
      call: async (...call) => (this.#opened ?? (await this.open())).session.call(...call),
    };
  }

  /** Logs the notices of the database, whatever the call does. */
  logNotices(): void {
    for (const notice of this.#opened?.workspace.db.takeNotices() ?? []) this.#options.log(`note: ${notice}`);
  }

  close(): void {
    this.#opened?.workspace.close();
  }

  async #open(): Promise<Opened> {
    const { home, policy, formatHint, log } = this.#options;
    const workspace = openWorkspace({
      home,
      actor: 'rpc',
      formatHint: formatHint ?? operationHints(await exposedOperations(policy)),
      missing: 'refuse',
    });
    this.#opened = { workspace, session: await Session.open(workspace, { face: 'rpc', policy, log }) };
    return this.#opened;
  }
}
