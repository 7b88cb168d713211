import type { Environment } from '../../core/configs/home-environment.ts';
import type { Finding, Path } from './issue-location.ts';

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
  /** One finding for each `${…}` that is not a valid variable name. */
  invalid: Finding[];
}

// `$${` is the escape for a literal `${`.
const REFERENCE = /\$(\$\{)|\$\{([^}]*)\}/g;

/**
 * Replaces `${NAME}` in every text value. Keys are never expanded. Expansion happens only after parsing, so that a
 * value cannot change the structure. Inserted values are not expanded again.
 */
export function expandVariables(tree: unknown, env: Environment): ExpandedTree {
  const used: Record<string, string> = {};
  const names = new Set<string>();
  const references: ExpandedTree['references'] = [];
  const unset: Finding[] = [];
  const invalid: Finding[] = [];
  const expandText = (text: string, path: Path): string =>
    text.replaceAll(REFERENCE, (whole, escaped: string | undefined, name: string | undefined) => {
      if (escaped !== undefined) return '${';
      if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) {
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
      const hint = `Set it before the run: export ${name}=…, or a line ${name}=… in secrets.env of the home (or write $\${${name}} for the plain text).`;
      unset.push({ path, message: `the environment variable ${name} is not set`, hint });
      return whole;
    });
  const expandTree = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return expandText(value, path);
    if (Array.isArray(value)) return value.map((entry, index) => expandTree(entry, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, expandTree(entry, [...path, key])]),
    );
  };
  return { value: expandTree(tree, []), used, names: [...names], references, unset, invalid };
}
