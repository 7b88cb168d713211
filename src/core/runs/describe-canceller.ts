const WHERE: Readonly<Partial<Record<string, string>>> = {
  tui: 'in the dashboard',
  cli: 'by a command',
  mcp: 'by an agent',
  rpc: 'by a program over JSON-RPC',
  library: 'by a program',
};

/** Who or what called a run off, as words that follow "cancelled"; `by` is what the run's row has noted. */
export function describeCanceller(by: string | null): string {
  return by === null ? 'by somebody' : (WHERE[by] ?? `by ${by}`);
}
