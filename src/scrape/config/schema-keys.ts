import type * as z from 'zod';
import type { Path } from './issue-location.ts';

/** The keys that the schema allows at `path` of `raw`; none when it is no map there. */
export function getKeysAt(schema: z.core.$ZodType, raw: unknown, path: Path): string[] {
  const here = findOption(schema, raw);
  const [step, ...rest] = path;
  if (step === undefined) return here.def.type === 'object' ? Object.keys(here.def.shape) : [];
  const inner = getChild(here, String(step));
  return inner === undefined ? [] : getKeysAt(inner, getMember(raw, step), rest);
}

/** The value at `path`, or undefined. */
export function getValueAt(raw: unknown, path: Path): unknown {
  return path.reduce(getMember, raw);
}

function getMember(raw: unknown, step: PropertyKey): unknown {
  if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, step)) return undefined;
  return (raw as Record<PropertyKey, unknown>)[step];
}

type Known = z.core.$ZodTypes['_zod'];

/** Behind optional and default; of a union, the option that `raw` was meant to be. */
function findOption(schema: z.core.$ZodType, raw: unknown): Known {
  const known = (schema as z.core.$ZodTypes)._zod;
  const { def } = known;
  if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault')
    return findOption(def.innerType, raw);
  if (def.type !== 'union') return known;
  const options = def.options
    .map((option) => findOption(option, raw))
    .filter((option) => option.def.type === 'object');
  return options.find((option) => acceptsType(option, getMember(raw, 'type'))) ?? options[0] ?? known;
}

function acceptsType(option: Known, type: unknown): boolean {
  const literal = option.def.type === 'object' ? option.def.shape['type']?._zod : undefined;
  return literal?.values?.has(type as z.core.util.Primitive) ?? false;
}

function getChild({ def }: Known, step: string): z.core.$ZodType | undefined {
  if (def.type === 'object') return def.shape[step];
  if (def.type === 'record') return def.valueType;
  return def.type === 'array' ? def.element : undefined;
}
