import { hash } from 'node:crypto';
import { isAbsolute, normalize, sep } from 'node:path';
import { foreignPathProblem, isDeviceName, pathNames } from '../fs/path-rules.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { CONTROL_CHARACTERS } from '../lib/sanitize-text.ts';
import { formatInstant, wallClock } from '../schedule/engine/instant.ts';
import {
  defaultExtension,
  formatFromPath,
  isGzip,
  isTextFormat,
  type OutputFormat,
} from './output-format.ts';
import type { ParamValues } from './params.ts';

/** The placeholders of an output path. */
const OUTPUT_PLACEHOLDERS = [
  'date',
  'time',
  'datetime',
  'timestamp',
  'job_id',
  'run_id',
  'config_name',
] as const;

/** The placeholder of a parameter of the configuration, without its braces. */
const PARAM = /^params\.([a-z][a-z0-9_]*)$/;

type Placeholder = (typeof OUTPUT_PLACEHOLDERS)[number];

interface OutputPathValues {
  /** The scheduled instant, or the instant of the request for a manual run. */
  at: Date;
  timezone: string;
  jobId: string;
  runId: string;
  configName: string;
  /** The values of the run's parameters, for `{params.name}`. */
  params?: ParamValues | undefined;
}

/** Why a value is not accepted, for use after the name of its field. */
interface PathProblem {
  reason: string;
  hint?: string;
}

/**
 * Checks an output path template, such as `prices/{config_name}_{date}.csv`.
 * @throws QuickscrapeError `invalid_params` for what {@link findTemplateProblem} finds
 */
export function checkOutputPath(template: string, field = 'output_path'): void {
  refuse(findTemplateProblem(template), field);
}

/**
 * Returns why an output path template cannot be used: an unknown placeholder, a stray brace, an empty path, a name that
 * is not a plain file name ({@link findPathProblem}), a relative path that leaves the output folder, or a compressed
 * file of a format that cannot be compressed. `undefined` when it is valid.
 */
export function findTemplateProblem(template: string): PathProblem | undefined {
  if (template.trim() === '' || template.includes('\0')) {
    return { reason: 'the path is empty or holds a NUL character' };
  }
  const problem = findPathProblem(template);
  if (problem !== undefined) return problem;
  for (const [, name] of template.matchAll(/\{([^{}]*)\}/g)) {
    if (!isPlaceholder(name ?? '') && !PARAM.test(name ?? '')) {
      return {
        reason: `unknown placeholder {${name}} in "${template}"`,
        hint: `Allowed: ${OUTPUT_PLACEHOLDERS.map((known) => `{${known}}`).join(' ')} {params.NAME}`,
      };
    }
  }
  if (/[{}]/.test(template.replaceAll(/\{[^{}]*\}/g, ''))) {
    return { reason: `a brace without its partner in "${template}"` };
  }
  if (!isAbsolute(template) && normalize(template).split(sep)[0] === '..') {
    return {
      reason: `"${template}" leaves the output folder`,
      hint: 'A relative path stays inside output/; to write elsewhere give an absolute path.',
    };
  }
  return findGzipProblem(template, formatFromPath(template));
}

/**
 * Workbooks are compressed already, and a database needs random access.
 * @throws QuickscrapeError `invalid_params` for a path ending in `.gz` with such a format
 */
export function refuseGzip(path: string, format: OutputFormat | undefined, field: string): void {
  refuse(findGzipProblem(path, format), field);
}

function findGzipProblem(path: string, format: OutputFormat | undefined): PathProblem | undefined {
  if (!isGzip(path) || format === undefined || isTextFormat(format)) return undefined;
  return {
    reason: `"${path}" ends in .gz, and ${format} is not compressed`,
    hint: `End the path in ${defaultExtension(format)}. csv, json and jsonl can end in .gz.`,
  };
}

/**
 * Fills in the placeholders: `{date}` 2026-11-25, `{time}` 09-00-00, `{datetime}` 2026-11-25_09-00-00 (all in the job's
 * time zone), `{timestamp}` seconds since 1970, the three names, and the parameters, made safe as a part of a file name.
 * @throws QuickscrapeError `invalid_params` as {@link checkOutputPath}, also for problems that only the values cause,
 *   and for a parameter that there is not
 */
export function renderOutputPath(template: string, values: OutputPathValues): string {
  checkOutputPath(template);
  const wall = wallClock(values.at, values.timezone);
  const two = (part: number) => String(part).padStart(2, '0');
  const date = formatInstant(values.at, values.timezone).slice(0, 10);
  const time = `${two(wall.hour)}-${two(wall.minute)}-${two(wall.second)}`;
  const filled: Record<Placeholder, string> = {
    date,
    time,
    datetime: `${date}_${time}`,
    timestamp: String(Math.floor(values.at.getTime() / 1000)),
    job_id: values.jobId,
    run_id: values.runId,
    config_name: values.configName,
  };
  const path = template.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) =>
    isPlaceholder(name) ? filled[name] : (paramInName(name, values.params ?? {}) ?? whole),
  );
  refuse(findPathProblem(path), 'output_path');
  return path;
}

function paramInName(placeholder: string, params: ParamValues): string | undefined {
  const name = PARAM.exec(placeholder)?.[1];
  if (name === undefined) return undefined;
  if (Object.hasOwn(params, name)) return fileNamePart(String(params[name]));
  const known = Object.keys(params).map((one) => `{params.${one}}`);
  throw new QuickscrapeError('invalid_params', `output_path: the configuration has no parameter "${name}"`, {
    field: 'output_path',
    hint: known.length === 0 ? 'It declares none.' : `Allowed: ${known.join(' ')}`,
  });
}

const MAX_PART_BYTES = 100;

/**
 * Returns a text as a part of a file name that all systems take. A text that had to be changed gets a hash of its own,
 * so that no two become the same name.
 */
function fileNamePart(text: string): string {
  let part = text
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{S} !#%&'()+,\-.;=@_]|[<>|`^$~\u115f\u1160\u2800\u3164\uffa0]/gu, '_')
    .replaceAll(/^[ .-]+|[ .]+$/g, '_');
  while (Buffer.byteLength(part) > MAX_PART_BYTES) part = [...part].slice(0, -1).join('');
  if (part !== '' && part === text.normalize('NFC') && !isDeviceName(part)) return part;
  return `${isDeviceName(part) ? '_' : ''}${part}_${hash('sha256', text).slice(0, 6)}`;
}

function refuse(problem: PathProblem | undefined, field: string): void {
  if (problem === undefined) return;
  const { reason, hint } = problem;
  throw new QuickscrapeError('invalid_params', `${field}: ${reason}`, {
    field,
    ...(hint !== undefined && { hint }),
  });
}

function isPlaceholder(name: string): name is Placeholder {
  return (OUTPUT_PLACEHOLDERS as readonly string[]).includes(name);
}

/**
 * Returns why an output path is probably a mistake; `undefined` when the path is valid. A bad path makes a file that
 * cannot be seen, typed or copied to another system, or that a shell misreads.
 * @param path a template, or a path with its values filled in
 */
function findPathProblem(path: string): PathProblem | undefined {
  const unseen = findInvisibleCharacter(path);
  if (unseen !== undefined)
    return { reason: `holds a character that cannot be seen, ${unseen}`, hint: 'Write it without.' };
  const foreign = foreignPathProblem(path);
  if (foreign !== undefined) return foreign;
  if (path.startsWith('~'))
    return { reason: `"${path}" begins with ~, which only a shell replaces`, hint: 'Give the path in full.' };
  const names = pathNames(path);
  const device = names.find(isDeviceName);
  if (device !== undefined)
    return { reason: `"${device}" is a device on Windows, not a file`, hint: 'Choose another name.' };
  // A template is checked with its minimum length, and checked again with its values.
  const sizes = names.map((name) => Buffer.byteLength(name.replaceAll(/\{[^{}]*\}/g, '')));
  const longest = Math.max(...sizes);
  if (longest > MAX_NAME_BYTES)
    return {
      reason: `a name in it has ${longest} bytes, and disks take at most ${MAX_NAME_BYTES}`,
      hint: 'Shorten it, or put some of it into the name of a folder.',
    };
  if (/^\.{0,2}$/.test(names.at(-1) ?? ''))
    return { reason: `"${path}" is a folder`, hint: 'Give the name of a file as well.' };
  const hidden = names.find((name) => /^ | $|[^.]\.$|\.{3}$/.test(name));
  if (hidden !== undefined)
    return {
      reason: `"${hidden}" ends in a dot or a space, or begins with a space, which some systems drop`,
      hint: 'Write it without.',
    };
  const dashed = (isAbsolute(path) ? names.slice(-1) : names).find((name) => name.startsWith('-'));
  if (dashed !== undefined)
    return {
      reason: `"${dashed}" begins with -, which commands take for an option`,
      hint: 'Choose another name.',
    };
  return undefined;
}

/** The maximum length of a file name in bytes (NAME_MAX of Linux; 255 units on other systems). */
const MAX_NAME_BYTES = 255;

/** Includes letters without a visible glyph (Hangul fillers, the Braille blank). */
function findInvisibleCharacter(path: string): string | undefined {
  const [found] =
    /[\t\n\p{Cs}\u115f\u1160\u2800\u3164\uffa0]/u.exec(path) ?? path.match(CONTROL_CHARACTERS) ?? [];
  const code = found?.codePointAt(0);
  return code === undefined ? undefined : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
