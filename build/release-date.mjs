// The day of a version, so that whatever is built from the same sources is the same, byte by byte.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @returns seconds since 1970: $SOURCE_DATE_EPOCH, else the day in CHANGELOG.md, else the day of the last commit */
export function releaseSeconds(root, version) {
  const { SOURCE_DATE_EPOCH: given } = process.env;
  if (given) return Number(given);
  const changelog = readFileSync(`${root}CHANGELOG.md`, 'utf8');
  const day = changelog
    .split('\n')
    .find((line) => line.startsWith(`## ${version} - `))
    ?.slice(`## ${version} - `.length);
  return day === undefined ? lastCommit(root) : Date.parse(`${day}T00:00:00Z`) / 1000;
}

/** @returns `2026-12-01` */
export function releaseDay(root, version) {
  return new Date(releaseSeconds(root, version) * 1000).toISOString().slice(0, 10);
}

function lastCommit(root) {
  const seconds = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return Number(seconds);
}
