import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import type { Deliver } from './delivery.ts';
import { sendRequest } from './http-request.ts';

/** By event. A message that was written while the channel was of another type may have another one. */
const ENDINGS: Readonly<Record<string, string>> = {
  start: '/start',
  failure: '/fail',
  paused: '/fail',
  success: '',
  // It says nothing about the job.
  test: '/log',
};

/**
 * Pings a monitor as Healthchecks defines it: its address with `/start` at the start of a run, with `/fail` after a
 * failure, and itself after a success (https://healthchecks.io/docs/http_api/).
 */
export const pingMonitor: Deliver<'heartbeat'> = async (channel, { text }, signal) => {
  const ending = ENDINGS[text.event];
  if (ending === undefined)
    return { isSent: false, error: 'a monitor takes starts and ends of runs only', isFinal: true };
  const url = heartbeatAddress(channel.url, ending);
  return sendRequest({ url, body: text.paragraphs.join('\n') }, signal);
};

function heartbeatAddress(address: string, ending: string): string {
  if (!canParseUrl(address)) return address;
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${ending}`;
  return url.href;
}
