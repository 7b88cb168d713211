import { expect, it } from 'vitest';

// A plain module outside the typed program.
const { LineClient } = await import(new URL('../../bench/line-client.mjs', import.meta.url).href);

it('answers nothing any more once its program has ended, and says how it ended', async () => {
  const client = new LineClient(['-e', "process.stderr.write('no home'); process.exitCode = 3;"]);
  const ended = /ended with 3: no home/;
  await expect(client.ask('get_job', {})).rejects.toThrow(ended);
  await expect(client.ask('get_job', {})).rejects.toThrow(ended);
  await client.end();
});
