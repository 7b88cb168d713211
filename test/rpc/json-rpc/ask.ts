/** A call that costs little and needs nothing. */
export const ASK = {
  method: 'preview_schedule',
  params: { schedule: { type: 'daily', time: '09:00', timezone: 'UTC' } },
};

/** A request as JSON. */
export function request(id: number, { method, params }: { method: string; params: object } = ASK): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}
