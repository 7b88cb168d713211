import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { closestNames } from '../../core/lib/closest-names.ts';
import { pluralize, truncateList } from '../../core/lib/text.ts';
import type { Item } from '../../core/runs/run-files.ts';
import { hostToOrigin, type UrlsFrom } from '../config/urls-from.ts';
import { AddressPolicy, getPort } from '../lib/address-policy.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { AddressList, type StartUrls } from './address-list.ts';
import type { JobRows } from './home-job-rows.ts';

type JobSource = Extract<UrlsFrom, { type: 'job' }>;

/** What decides which of the addresses may be fetched. */
export interface JobReach {
  allowPrivateHosts: readonly string[];
  /** The private hosts that this machine lets any configuration reach; default: all. */
  machineHosts?: readonly string[] | undefined;
}

/** Fields are named by the first rows: each row has all fields. */
const MAX_ROWS_FOR_FIELDS = 100;

/**
 * Lists the addresses in a field of another job's rows. They come from pages, which may be hostile: only the hosts that
 * the configuration names are its own, and an address in a private network is left out unless it may be reached.
 * @returns no addresses if the rows have none
 * @throws ScrapeError `config` if the rows have no such field, or hold no addresses in it
 */
export async function listJobUrls(
  { job, field, hosts }: JobSource,
  { rows, runId, isHidden }: Pick<JobRows, 'rows' | 'runId' | 'isHidden'>,
  { allowPrivateHosts, machineHosts }: JobReach,
): Promise<StartUrls> {
  const own = hosts.flatMap((host) => hostToOrigin(host) ?? []);
  const policy = new AddressPolicy(own, allowPrivateHosts, machineHosts);
  const list = new AddressList(`job ${job}`);
  const fields = new Set<string>();
  const left = {
    private: new LeftOut('in private networks'),
    hidden: new LeftOut('with secrets of the home'),
  };
  let count = 0;
  let filled = 0;
  for await (const batch of rows)
    for (const row of batch) {
      count += 1;
      if (count <= MAX_ROWS_FOR_FIELDS) for (const name of Object.keys(row)) fields.add(name);
      const text = readText(row, field);
      if (text === '') continue;
      filled += 1;
      if (isHidden(text)) left.hidden.add('');
      else if (isPrivate(text, policy)) left.private.add(text);
      else {
        const number = count;
        list.add(text, () => `job ${job}, row ${number}`);
      }
    }
  if (count > 0 && !fields.has(field)) throw noFieldError(job, field, [...fields]);
  const skipped = [...left.private.describe(), ...left.hidden.describe()];
  if (filled === 0 || list.isEmpty) {
    const isRefused = filled > 0 && skipped.length > 0;
    const why =
      count === 0
        ? 'has no rows'
        : `has no address to fetch in ${field}${isRefused ? `: ${skipped.join(', ')}` : ''}`;
    const warnings = [...(isRefused ? [] : skipped), `run ${runId} of job ${job} ${why}`];
    return {
      urls: [],
      origins: own,
      warnings,
      ...(isRefused && { hint: hintForRefused(left.private.count) }),
    };
  }
  const { urls, warnings } = list.end();
  return { urls, origins: own, warnings: [...warnings, ...skipped] };
}

function readText(row: Item, field: string): string {
  const value = Object.hasOwn(row, field) ? row[field] : undefined;
  return typeof value === 'string'
    ? value.trim()
    : value === null || value === undefined
      ? ''
      : JSON.stringify(value);
}

/** A host by its name. What a public name leads to is checked when it is fetched. */
function isPrivate(text: string, policy: AddressPolicy): boolean {
  if (!canParseUrl(text)) return false;
  const url = new URL(text);
  return url.hostname !== '' && policy.nameRefusal(url.hostname, getPort(url)) !== undefined;
}

function noFieldError(job: string, field: string, fields: readonly string[]): ScrapeError {
  const [nearest] = closestNames(field, fields);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return new ScrapeError('config', `urls_from: job ${job} has no field ${field}`, {
    hint: `It has ${truncateList(fields, 20)}.${hint}`,
  });
}

function hintForRefused(ofPrivate: number): string {
  return ofPrivate > 0
    ? 'If they are your own, name their hosts: allow_private_hosts, or hosts of urls_from for those that may also receive your headers.'
    : 'An assistant saved this configuration, so it must not see them. Let a person save it.';
}

/** Addresses that are left out for one reason. */
class LeftOut {
  readonly #what: string;
  #count = 0;
  #example = '';

  get count(): number {
    return this.#count;
  }

  constructor(what: string) {
    this.#what = what;
  }

  add(address: string): void {
    this.#count += 1;
    if (this.#example === '' && address !== '') this.#example = redactUrl(address);
  }

  describe(): string[] {
    if (this.#count === 0) return [];
    const verb = this.#count === 1 ? 'was' : 'were';
    const example = this.#example === '' ? '' : ` (such as ${this.#example})`;
    return [`${pluralize(this.#count, 'address', 'addresses')} ${this.#what} ${verb} left out${example}`];
  }
}
