import type { McpServer } from '@modelcontextprotocol/server';
import type { Change } from '../../core/api/changes.ts';
import { offeredSentences } from '../access/offered-text.ts';
import type { LazyWorkspace } from './lazy-workspace.ts';
import type { ResourceUpdates } from './resource-updates.ts';

/** The capability of a server that sends messages to the model (Claude Code, “Channels”). */
export const CHANNEL_CAPABILITY = 'claude/channel';

/** A line of the server's instructions. */
export const CHANNEL_INSTRUCTIONS =
  'A message of the channel says that a job began to fail, or works again. Tell the person; change nothing unless you were asked to.';

const FAILED = ['failed', 'timed_out', 'abandoned'];
/** How an error's kind is written (docs/reference/operations.md). */
const KIND = /^[a-z_]{1,40}$/;

interface Message {
  content: string;
  /** Names and values for programs. */
  meta: Record<string, string>;
}

/**
 * Sends a message when a job begins to fail, and when it works again, to a client that takes them. A message contains
 * no text from pages. Only revisions with a handshake have notifications that were not asked for.
 */
export class Channel {
  readonly #lazyWorkspace: LazyWorkspace;
  readonly #updates: ResourceUpdates;
  /** The last finished run of each job. */
  readonly #judged = new Map<string, string>();

  constructor(lazyWorkspace: LazyWorkspace, updates: ResourceUpdates) {
    this.#lazyWorkspace = lazyWorkspace;
    this.#updates = updates;
  }

  /** Starts with the handshake. @param failed called when the home cannot be watched */
  serve({ server }: McpServer, failed: (error: unknown) => void): void {
    this.#updates.onChange((change) => {
      const message = this.#messageOf(change);
      if (message === undefined) return;
      const params = { ...message };
      // The client may have gone; other code detects that.
      void server.notification({ method: 'notifications/claude/channel', params } as never).catch(() => {});
    });
    server.oninitialized = () => void this.#updates.begin().catch(failed);
  }

  #messageOf(change: Change): Message | undefined {
    if (change.kind !== 'run_changed') return undefined;
    const { run_id, job_id, status, error } = change.run;
    const isFailure = FAILED.includes(status);
    if ((!isFailure && status !== 'succeeded') || this.#judged.get(job_id) === run_id) return undefined;
    this.#judged.set(job_id, run_id);
    const failuresBefore = this.#lazyWorkspace.home.workspace.runs.get(run_id)?.failuresBefore ?? 0;
    if (isFailure === failuresBefore > 0) return undefined;
    const kind = error !== null && KIND.test(error.kind) ? error.kind : status;
    const said = isFailure
      ? `Job ${job_id} failed: ${kind}, run ${run_id}. Use explain_run to see why.`
      : `Job ${job_id} works again, run ${run_id}.`;
    return {
      content: offeredSentences(said, this.#lazyWorkspace.tools),
      meta: { job_id, run_id, outcome: isFailure ? 'failed' : 'recovered', ...(isFailure && { kind }) },
    };
  }
}
