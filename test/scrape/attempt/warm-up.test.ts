import { Server, Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { warmUp } from '../../../src/scrape/attempt/warm-up.ts';

it('warming up scrapes a page of its own over the loopback interface, and closes all that it opened', async () => {
  const connect = vi.spyOn(Socket.prototype, 'connect');
  const listen = vi.spyOn(Server.prototype, 'listen');
  try {
    await expect(warmUp()).resolves.toBeUndefined();
    expect(connect).toHaveBeenCalled();
    for (const call of connect.mock.calls) expect(JSON.stringify(call)).toContain('"127.0.0.1"');
    expect(listen.mock.calls).toEqual([[0, '127.0.0.1']]);
    for (const server of listen.mock.contexts as Server[]) expect(server.listening).toBe(false);
    await vi.waitFor(() => {
      for (const socket of connect.mock.contexts as Socket[]) expect(socket.destroyed).toBe(true);
    });
  } finally {
    connect.mockRestore();
    listen.mockRestore();
  }
});
