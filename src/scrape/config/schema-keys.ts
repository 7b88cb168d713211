import type * as z from 'zod';
import type { Path } from './place.ts';

/** The keys that the schema allows at `path` of `raw`; none when it is no map there. */
export function keysAt(schema: z.core.$ZodType, raw: unknown, path: Path): string[] {
  const here = optionFor(schema, raw);
  const [step, ...rest] = path;
  if (step === undefined) return here.def.type === 'object' ? Object.keys(here.def.shape) : [];
  const inner = child(here, String(step));
  return inner === undefined ? [] : keysAt(inner, member(raw, step), rest);
}

/** The value at `path`, or undefined. */
export function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce(member, raw);
}

function member(raw: unknown, step: PropertyKey): unknown {
  if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, step)) return undefined;
  return (raw as Record<PropertyKey, unknown>)[step];
}

type Known = z.core.$ZodTypes['_zod'];

/** Behind optional and default; of a union, the option that `raw` was meant to be. */
function optionFor(schema: z.core.$ZodType, raw: unknown): Known {
  const known = (schema as z.core.$ZodTypes)._zod;
  const { def } = known;
  if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault')
    return optionFor(def.innerType, raw);
  if (def.type !== 'union') return known;
  const options = def.options
    .map((option) => optionFor(option, raw))
    .filter((option) => option.def.type === 'object');
  return options.find((option) => takesType(option, member(raw, 'type'))) ?? options[0] ?? known;
}

function takesType(option: Known, type: unknown): boolean {
  const literal = option.def.type === 'object' ? option.def.shape['type']?._zod : undefined;
  return literal?.values?.has(type as z.core.util.Primitive) ?? false;
}

function child({ def }: Known, step: string): z.core.$ZodType | undefined {
  if (def.type === 'object') return def.shape[step];
  if (def.type === 'record') return def.valueType;
  return def.type === 'array' ? def.element : undefined;
}
