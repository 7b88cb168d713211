import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { fillVariables } from '../channels/fill-variables.ts';
import { readHomeEnvironment } from '../configs/home-environment.ts';
import { canParseUrl } from '../lib/can-parse-url.ts';
import { MINUTE_MS } from '../lib/clock.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { Workspace } from '../workspace.ts';

const TIMEOUT_MS = 20_000;

/**
 * Pings the channel of the setting `heartbeat` each minute while the scheduler works, so that a monitor outside notices
 * when it no longer does. A late ping would say something wrong, so none is repeated.
 * @param log receives why a ping failed
 * @returns a function that ends it
 */
export function startHeartbeat(workspace: Workspace, log: (message: string) => void): () => void {
  const { clock } = workspace;
  let cancel = () => {};
  let isEnded = false;
  const beat = () => {
    cancel = clock.setTimer(beat, MINUTE_MS);
    void ping(workspace).catch((error: unknown) => {
      if (!isEnded) log(`heartbeat: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  beat();
  return () => {
    isEnded = true;
    cancel();
  };
}

async function ping({ settings, channels, paths }: Workspace): Promise<void> {
  const name = settings.get('heartbeat');
  if (name === null) return;
  const channel = channels.get(name);
  if (channel.type !== 'heartbeat')
    throw new QuickscrapeError('invalid_params', `channel ${name} is of type ${channel.type}, not heartbeat`);
  const { env } = readHomeEnvironment(paths);
  const filled = fillVariables(channel, env);
  if ('unset' in filled)
    throw new Error(`channel ${name}: ${filled.unset.join(', ')}: not set in secrets.env`);
  await send(name, filled.value.url);
}

/** Not `fetch`, which would take the scheduler ten megabytes. */
function send(name: string, address: string): Promise<void> {
  if (!canParseUrl(address)) return Promise.reject(new Error(`the address of channel ${name} is not valid`));
  const url = new URL(address);
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = start(url, { method: 'POST', timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode < 300) resolve();
      else reject(new Error(`${url.host} answered HTTP ${statusCode}`));
    });
    request.on('timeout', () => request.destroy(new Error(`${url.host} did not answer in time`)));
    request.on('error', (error) => reject(new Error(`${url.host}: ${error.message}`)));
    request.end();
  });
}
