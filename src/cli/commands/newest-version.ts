import { execa } from 'execa';
import { asRecord, tryParseJson } from '../../core/lib/json.ts';
import { PACKAGE_NAME, VERSION } from '../../core/lib/program.ts';

/** The newest releases of this package. */
export interface Releases {
  /** The newest one. */
  latest: string;
  /** The Node that it needs, if this one is too old for it: `>=24`. */
  needs: string | undefined;
  /** The newest one that this Node can run. */
  fitting: string;
}

interface Release {
  version: string;
  /** Of its `engines`. */
  node: string;
}

/** A registry that does not answer in this time, in milliseconds, counts as not there. */
const LIMIT_MS = 5_000;

/**
 * Asks the registry that npm uses here for the newest releases, not older than this version. npm asks, because it
 * knows the registry, the proxy, the certificates and the password.
 * @returns `undefined` offline, and without an answer for any other reason
 */
export async function findReleases(nodeVersion = process.versions.node): Promise<Releases | undefined> {
  const query = ['view', `${PACKAGE_NAME}@>=${VERSION}`, 'version', 'engines', 'deprecated', 'dist-tags'];
  const flags = ['--json', '--no-update-notifier', '--fetch-retries=0', `--fetch-timeout=${LIMIT_MS}`];
  const { exitCode, stdout } = await execa('npm', [...query, ...flags, '--logs-max=0', '--prefer-online'], {
    reject: false,
    timeout: LIMIT_MS,
    stdin: 'ignore',
  });
  return exitCode === 0 ? chooseReleases(tryParseJson(stdout), nodeVersion) : undefined;
}

/**
 * Chooses from the answer of `npm view`: an object for each release, or one object.
 * @returns `undefined` for an answer without a usable release
 */
export function chooseReleases(answer: unknown, nodeVersion: string): Releases | undefined {
  const entries = [answer].flat().map(asRecord);
  const tagged = asRecord(entries.at(-1)?.['dist-tags'])['latest'];
  const releases = entries
    .filter((entry) => typeof entry['version'] === 'string' && entry['deprecated'] === undefined)
    .map(
      (entry): Release => ({
        version: String(entry['version']),
        node: String(asRecord(entry['engines'])['node'] ?? ''),
      }),
    )
    // A version above the tag is not for everyone yet.
    .filter(({ version }) => typeof tagged !== 'string' || compareVersions(version, tagged) <= 0)
    .sort((one, other) => compareVersions(other.version, one.version));
  const [latest] = releases;
  const fitting = releases.find(({ node }) => runsOn(node, nodeVersion));
  if (latest === undefined || fitting === undefined) return undefined;
  return {
    latest: latest.version,
    needs: latest === fitting ? undefined : latest.node,
    fitting: fitting.version,
  };
}

/** The `engines` of this package are `>=` and a version; what is written otherwise counts as met. */
function runsOn(range: string, nodeVersion: string): boolean {
  const oldest = /^>=\s*(\d+(?:\.\d+){0,2})$/.exec(range.trim())?.[1];
  return oldest === undefined || compareVersions(nodeVersion, oldest) >= 0;
}

/** Compares versions of numbers: negative when the first is older. */
export function compareVersions(one: string, other: string): number {
  const numbers = (version: string) => version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const [ours, theirs] = [numbers(one), numbers(other)];
  for (let at = 0; at < 3; at += 1) {
    const difference = (ours[at] ?? 0) - (theirs[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
