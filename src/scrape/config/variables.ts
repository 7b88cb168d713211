import type { Environment } from '../../core/configs/home-environment.ts';
import { hintForName } from '../../core/lib/closest-names.ts';
import { asRecord } from '../../core/lib/json.ts';
import type { ParamDeclarations, ParamValue, ParamValues } from '../../core/model/params.ts';
import { fillParams } from './fill-params.ts';
import type { Finding, Path } from './issue-location.ts';
import { hintWithoutParams, placeOf } from './param-places.ts';

export interface ExpandedTree {
  value: unknown;
  /** Values filled in, by variable. Those in `output` are left out: they are file locations, not secrets. */
  used: Record<string, string>;
  /** Every variable that the text names, set or not, each once. */
  names: string[];
  /** Where variables are named: the text values as they are written. */
  references: { path: Path; text: string }[];
  /** One finding for each variable that is not set. */
  unset: Finding[];
  /** One finding for each `${…}` that is not a valid variable name, or names no parameter that may stand there. */
  invalid: Finding[];
  /** Values that are one number or boolean of a parameter, and that text. */
  typed: { path: Path; text: string }[];
}

/** The parameters of a configuration, and a value for each. */
export interface FilledParams {
  /** `undefined` while the declaration is wrong: nothing is said about its references then. */
  declared: ParamDeclarations | undefined;
  values: ParamValues;
}

const NO_PARAMS: FilledParams = { declared: {}, values: {} };

// `$${` is the escape for a literal `${`.
const REFERENCE = /\$(\$\{)|\$\{([^}]*)\}/g;
const ONE_PARAM = /^\$\{params\.(\w+)\}$/;

/**
 * Replaces `${NAME}` and `${params.name}` in every text value. Keys are never expanded. Expansion happens only after
 * parsing, so that a value cannot change the structure. Inserted values are not expanded again. A text that is only the
 * reference to a number or a boolean becomes that.
 */
export function expandVariables(
  tree: unknown,
  env: Environment,
  params: FilledParams = NO_PARAMS,
): ExpandedTree {
  const used: Record<string, string> = {};
  const names = new Set<string>();
  const references: ExpandedTree['references'] = [];
  const unset: Finding[] = [];
  const invalid: Finding[] = [];
  const typed: ExpandedTree['typed'] = [];
  const expandReference = (
    whole: string,
    name: string,
    { path, text }: { path: Path; text: string },
    write: (value: ParamValue) => string,
  ): string => {
    if (name.startsWith('params.')) {
      if (params.declared === undefined) return write('x');
      const problem = findParamProblem(name.slice('params.'.length), path, text, params.declared);
      if (problem !== undefined) invalid.push({ path, ...problem });
      const value = params.values[name.slice('params.'.length)];
      return problem !== undefined || value === undefined ? whole : write(value);
    }
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      const hint = `Write \${NAME} with letters, digits and _, or $\${ for a plain \${.`;
      invalid.push({ path, message: `"${whole}" is not the name of an environment variable`, hint });
      return whole;
    }
    names.add(name);
    if (references.at(-1)?.path !== path) references.push({ path, text });
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined) {
      if (path[0] !== 'output') used[name] = value;
      return value;
    }
    const hint = Object.hasOwn(params.declared ?? {}, name)
      ? `Write \${params.${name}} for the parameter.`
      : `Set it before the run: export ${name}=…, or a line ${name}=… in secrets.env of the home (or write $\${${name}} for the plain text).`;
    unset.push({ path, message: `the environment variable ${name} is not set`, hint });
    return whole;
  };
  const expandText = (text: string, path: Path): ParamValue => {
    if (!text.includes('${')) return text;
    const fill = (part: string, write: (value: ParamValue) => string) =>
      part.replaceAll(REFERENCE, (whole, escaped: string | undefined, name = '') =>
        escaped === undefined ? expandReference(whole, name, { path, text }, write) : '${',
      );
    const place = placeOf(path, text);
    const expanded = fillParams(text, place, fill);
    if (place === 'address' && text.includes('${params.') && countDots(expanded) > countDots(text)) {
      const hint = 'A value such as ".." cannot be a part of the path: give another one.';
      invalid.push({ path, message: 'the parameters would lead the address out of its folder', hint });
    }
    const value = params.values[ONE_PARAM.exec(text)?.[1] ?? ''];
    if (typeof value === 'string' || value === undefined || expanded === text) return expanded;
    typed.push({ path, text: expanded });
    return value;
  };
  const expandTree = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return expandText(value, path);
    if (Array.isArray(value)) return value.map((entry, index) => expandTree(entry, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [
        key,
        // Values of parameters are shown, so that no secret may come into them.
        path.length === 0 && key === 'params' ? entry : expandTree(entry, [...path, key]),
      ]),
    );
  };
  return { value: expandTree(tree, []), used, names: [...names], references, unset, invalid, typed };
}

/** Counts the segments of a path that a URL parser resolves (WHATWG URL, "double-dot path segment"). */
export function countDots(address: string): number {
  return address.match(/\/(?:\.|%2e){1,2}(?=[/?#]|$)/gi)?.length ?? 0;
}

/** Returns what stands for the host in an address, and what is before it. */
export function hostPart(address: string): string {
  return /^[^/]*(?:\/\/[^/?#]*)?/.exec(address)?.[0] ?? '';
}

function findParamProblem(
  name: string,
  path: Path,
  text: string,
  declared: NonNullable<FilledParams['declared']>,
): Pick<Finding, 'message' | 'hint'> | undefined {
  const declaration = Object.hasOwn(declared, name) ? declared[name] : undefined;
  const instead = hintWithoutParams(path);
  if (instead !== undefined)
    return { message: `a parameter cannot be used in ${String(path[0])}`, hint: instead };
  if (declaration === undefined) {
    const known = Object.keys(declared);
    const hint =
      known.length === 0
        ? `Declare it: params: {${/^\w+$/.test(name) ? name : 'city'}: {type: text}}`
        : hintForName(name, known);
    return { message: `there is no parameter "${name}"`, hint };
  }
  if (placeOf(path, text) !== 'address') return undefined;
  const host = hostPart(text);
  if (!host.includes(`\${params.${name}}`)) return undefined;
  if (declaration.type !== 'choice') {
    const message = `the parameter ${name} would choose the host of the address`;
    return {
      message,
      hint: `Write the host itself, or declare which are allowed: ${name}: {type: choice, values: [...]}`,
    };
  }
  if ((host.match(/\$\{params\./g) ?? []).length < 2) return undefined;
  return {
    message: 'the host of the address has several parameters',
    hint: 'Use one, whose choices are whole hosts.',
  };
}

/** Checks that the path of the output names parameters that there are. */
export function checkOutputParams(
  { output }: Readonly<Record<string, unknown>>,
  declared: FilledParams['declared'],
): Finding[] {
  const { path } = asRecord(output);
  if (typeof path !== 'string' || declared === undefined) return [];
  return [...path.matchAll(/(?<!\$)\{params\.([^{}]*)\}/g)].flatMap(([, name = '']) => {
    const problem = findParamProblem(name, ['description'], '', declared);
    return problem === undefined ? [] : [{ path: ['output', 'path'], ...problem }];
  });
}
