import { closeSync, renameSync, statSync, writeSync } from 'node:fs';
import type { RequestSent } from '../../core/configs/scraper-protocol.ts';
import { wrapUnavailable } from '../../core/fs/unavailable.ts';
import { openToAppend } from '../../core/runs/run-files.ts';

/** So many hosts are named: a page in a browser may reach for thousands. */
const MAX_NAMED_HOSTS = 100;

/** What was sent to the web. */
interface Traffic {
  /** With their ports, where those are not the usual ones; the first hundred. */
  hosts: string[];
  methods: string[];
  /** Each try counts, and so does robots.txt. */
  requests: number;
  /** Of heads and bodies, before they are encrypted. */
  bytes_out: number;
}

export function emptyTraffic(): Traffic {
  return { hosts: [], methods: [], requests: 0, bytes_out: 0 };
}

/** Counts one more request. */
export function recordRequest(traffic: Traffic, { method, hosts, bytes }: RequestSent): void {
  for (const host of hosts)
    if (traffic.hosts.length < MAX_NAMED_HOSTS && !traffic.hosts.includes(host)) traffic.hosts.push(host);
  if (!traffic.methods.includes(method)) traffic.methods.push(method);
  traffic.requests += 1;
  traffic.bytes_out += bytes;
}

/** A larger file is put aside under another name; none is ever deleted. */
const MAX_AUDIT_LOG_BYTES = 10 << 20;

/** One line of `audit.log`: who asked for a change, of what, and what came of it. */
interface AuditLine {
  /** ISO 8601, UTC. */
  at: string;
  face: 'mcp' | 'rpc';
  /** Name and version as the client says them. */
  client: string | null;
  pid: number;
  operation: string;
  /** `job news`, `run …`, `configuration shop`, or `scheduler`. */
  target: string;
  /** Revision of the job or configuration before and after; `null` where there was or is none. */
  before: number | string | null;
  after: number | string | null;
  /** `done`, the code of the error, or `cancelled`; `under_way` for a call that takes its time: a line with its end follows. */
  outcome: string;
  /** Of a trial on live pages: what it has sent so far. */
  traffic?: Traffic;
}

/** A line that is going to be written: the file is open, so that nothing is changed that could not be noted. */
interface AuditEntry {
  write(line: AuditLine): void;
  close(): void;
}

/** Opens the audit log for one line. @throws QuickscrapeError `store_unavailable` when it cannot be written */
export function openAudit(file: string): AuditEntry {
  return wrapUnavailable(`cannot write the audit log ${file}, so nothing is changed`, () => {
    rotateWhenLarge(file);
    const fd = openToAppend(file);
    return {
      write: (line) => void writeSync(fd, `${toVisibleJson(line)}\n`),
      close: () => closeSync(fd),
    };
  });
}

function rotateWhenLarge(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || stats.size < MAX_AUDIT_LOG_BYTES) return;
  // Of two that see it large at once, the second moves what the first has begun since, and must not put it over this.
  renameSync(file, `${file}.${Math.floor(stats.mtimeMs)}.${process.pid}`);
}

/** JSON whose every character is seen: what a client calls itself must not move the cursor or turn the text around. */
function toVisibleJson(line: AuditLine): string {
  return JSON.stringify(line).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (unseen) =>
    Array.from(
      { length: unseen.length },
      (_, at) => `\\u${unseen.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
