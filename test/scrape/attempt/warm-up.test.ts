import { Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { warmUp } from '../../../src/scrape/attempt/warm-up.ts';

it('warming up succeeds without any connection', async () => {
  const connect = vi.spyOn(Socket.prototype, 'connect');
  try {
    await expect(warmUp()).resolves.toBeUndefined();
    expect(connect).not.toHaveBeenCalled();
  } finally {
    connect.mockRestore();
  }
});
