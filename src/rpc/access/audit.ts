import { closeSync, renameSync, statSync, writeSync } from 'node:fs';
import type { RequestSent } from '../../core/configs/scraper-protocol.ts';
import { wrapUnavailable } from '../../core/fs/system-errors.ts';
import { openToAppend } from '../../core/runs/run-files.ts';

/** A cap, because a page in a browser may request thousands of hosts. */
const MAX_NAMED_HOSTS = 100;

/** The data sent to the web. */
interface Traffic {
  /** With the port if it is not the default one; at most {@link MAX_NAMED_HOSTS}. */
  hosts: string[];
  methods: string[];
  /** Each attempt counts, and so does robots.txt. */
  requests: number;
  /** Headers and bodies, before encryption. */
  bytes_out: number;
}

export function emptyTraffic(): Traffic {
  return { hosts: [], methods: [], requests: 0, bytes_out: 0 };
}

/** Adds one request to the counts. */
export function recordRequest(traffic: Traffic, { method, hosts, bytes }: RequestSent): void {
  for (const host of hosts)
    if (traffic.hosts.length < MAX_NAMED_HOSTS && !traffic.hosts.includes(host)) traffic.hosts.push(host);
  if (!traffic.methods.includes(method)) traffic.methods.push(method);
  traffic.requests += 1;
  traffic.bytes_out += bytes;
}

/** A larger file is renamed. No audit file is ever deleted. */
const MAX_AUDIT_LOG_BYTES = 10 << 20;

/** One line of `audit.log`: the client, the change that it requested, and the outcome. */
export interface AuditLine {
  /** ISO 8601, UTC. */
  at: string;
  face: 'mcp' | 'rpc';
  /** Name and version, as the client reports them. */
  client: string | null;
  pid: number;
  operation: string;
  /** `job news`, `run …`, `configuration shop`, `setting timezone`, `bundle all.json`, or `scheduler`. */
  target: string;
  /** Revision of the job or configuration, or value of the setting, before and after the call; `null` if it did not exist. */
  before: number | string | null;
  after: number | string | null;
  /**
   * `done`, the code of the error, or `cancelled`. A slow call first gets a line with `under_way`; a line with its
   * outcome follows.
   */
  outcome: string;
  /** For a test run on live pages: the traffic so far. */
  traffic?: Traffic;
}

/**
 * An audit line to be written. The file is opened before the change, so that no change is made that cannot be recorded.
 */
interface AuditEntry {
  write(line: AuditLine): void;
  close(): void;
}

/** Opens the audit log for one line. @throws QuickscrapeError `store_unavailable` when the log is not writable */
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
  // Two processes may rotate at once. The second one then moves the file that the first one has just begun, so the
  // names must differ.
  renameSync(file, `${file}.${Math.floor(stats.mtimeMs)}.${process.pid}`);
}

/**
 * JSON with all invisible characters escaped: a client's name must not move the cursor or change the text direction.
 */
function toVisibleJson(line: AuditLine): string {
  return JSON.stringify(line).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (unseen) =>
    Array.from(
      { length: unseen.length },
      (_, at) => `\\u${unseen.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
