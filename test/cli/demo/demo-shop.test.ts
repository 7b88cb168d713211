import { expect, it, onTestFinished } from 'vitest';
import { openShop } from '../../../src/cli/demo/demo-shop.ts';
import { startBookshop } from '../../../src/sandbox/bookshop.ts';
import { tempFolder } from '../../temp-folder.ts';
import { inProcess } from '../in-process.ts';

it('uses another port when the usual one is taken and says so, but fails when a requested port is taken', async () => {
  const first = await startBookshop();
  onTestFinished(() => first.close());
  const { shop, note } = await openShop(undefined, first.port);
  onTestFinished(() => shop.close());
  expect(shop.port).not.toBe(first.port);
  expect(note).toBe(
    `Port ${first.port} is taken, perhaps by another demo --serve. This shop uses port ${shop.port}.`,
  );
  await expect(openShop(first.port)).rejects.toMatchObject({ code: 'conflict', field: 'port' });
});

it('says of a port that only root may open that it is not open to you, and what to do', async () => {
  // The tests may run as root.
  const asOrdinaryUser = () => Promise.reject(Object.assign(new Error('listen EACCES'), { code: 'EACCES' }));
  await expect(openShop(80, undefined, asOrdinaryUser)).rejects.toMatchObject({
    ...{ code: 'conflict', field: 'port', message: 'port 80 is not open to you' },
    hint: expect.stringContaining('Name another port'),
  });
});

it.each([
  ['--serve --once', '--once and --serve exclude each other'],
  ['--port 5000', '--port goes with --serve'],
])('refuses demo %s', async (flags, message) => {
  const said = await inProcess(['demo', ...flags.split(' ')], tempFolder());
  expect(said.code).toBe(2);
  expect(said.stderr).toContain(message);
});
