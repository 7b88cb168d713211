import type { ServerContext } from '@modelcontextprotocol/server';

type Fields = Record<string, unknown>;

/**
 * Tells the client how far a run has come, where it asked for that by a progress token. Progress is in pages and only
 * ever rises (MCP, "Progress"); a new attempt begins again silently.
 */
export function createProgressReporter({ mcpReq }: ServerContext): ((run: Fields) => void) | undefined {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let last = -1;
  return ({ run_id, status, pages, items, progress }) => {
    const done = Number(pages);
    if (done <= last) return;
    last = done;
    const share = Number(progress);
    const total = share > 0 ? Math.max(done, Math.round(done / share)) : undefined;
    const message = `${run_id} ${status}: ${pages} pages, ${items} items`;
    const params = { progressToken, progress: done, message, ...(total !== undefined && { total }) };
    // The client may be gone by now: that is noticed elsewhere.
    void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
}
