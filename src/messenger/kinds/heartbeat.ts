import type { Deliver } from './delivery.ts';
import { sendRequest } from './http-request.ts';

const ENDINGS: Readonly<Record<string, string>> = { start: '/start', failure: '/fail' };

/**
 * Pings a monitor as Healthchecks defines it: its address with `/start` at the start of a run, with `/fail` after a
 * failure, and itself after a success (https://healthchecks.io/docs/http_api/).
 */
export const pingMonitor: Deliver<'heartbeat'> = (channel, { text }, signal) =>
  sendRequest(
    { url: heartbeatAddress(channel.url, ENDINGS[text.event] ?? ''), body: text.paragraphs.join('\n') },
    signal,
  );

function heartbeatAddress(address: string, ending: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${ending}`;
  return url.href;
}
