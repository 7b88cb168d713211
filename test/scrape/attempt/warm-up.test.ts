import { Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { warmUp } from '../../../src/scrape/attempt/warm-up.ts';

it('what a run does ahead goes through, and connects to nobody', async () => {
  const connect = vi.spyOn(Socket.prototype, 'connect');
  try {
    await expect(warmUp()).resolves.toBeUndefined();
    expect(connect).not.toHaveBeenCalled();
  } finally {
    connect.mockRestore();
  }
});
