import { QuickscrapeError } from '../../core/lib/errors.ts';
import { programCommand } from '../../core/lib/installation.ts';
import type { SettingKey } from '../../core/settings/setting-rules.ts';

/**
 * The settings that clients may change: those whose every value is safe, and limits only towards the careful side. The
 * person decides on everything else: what reaches outside, names a program or a host, or weakens a limit.
 */
const ALLOWED: Partial<Readonly<Record<SettingKey, 'any' | 'lower' | 'higher'>>> = {
  timezone: 'any',
  default_output_format: 'any',
  request_timeout: 'any',
  run_grace: 'any',
  trash_days: 'any',
  keep_runs: 'any',
  max_concurrent_runs: 'lower',
  max_runs_per_host: 'lower',
  min_free_space: 'higher',
};

/**
 * Checks a client's change of a setting.
 * @throws QuickscrapeError `not_allowed` with the command for the person
 */
export function reviewSetting(name: SettingKey, value: unknown, present: unknown): void {
  const allowed = ALLOWED[name];
  const change = Number(value) - Number(present);
  if (allowed === 'any' || (allowed === 'lower' && change <= 0) || (allowed === 'higher' && change >= 0))
    return;
  const why = allowed === undefined ? 'only the person changes it' : `this server sets it only ${allowed}`;
  const names = Object.entries(ALLOWED).map(([key, way]) => (way === 'any' ? key : `${key} (${way} only)`));
  throw new QuickscrapeError('not_allowed', `${name}: ${why}`, {
    field: 'name',
    hint: `The person runs: ${programCommand()} config set ${name} ${shown(value)}. This server sets ${names.join(', ')}.`,
  });
}

const MAX_SHOWN_CHARACTERS = 500;

/** A value as a person can paste it. What a client sent is no part of a command, unless it is harmless. */
function shown(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:-]+$/.test(value) ? value : 'VALUE';
  if (typeof value !== 'object' || value === null) return String(value);
  const text = JSON.stringify(value);
  return text.length <= MAX_SHOWN_CHARACTERS && /^[\w./:,"[\]{}-]+$/.test(text) ? `'${text}'` : 'VALUE';
}
