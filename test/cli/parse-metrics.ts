/** A family, as a reader of OpenMetrics text sees it. */
export interface ReadFamily {
  name: string;
  type: string;
  unit: string | undefined;
  help: string;
  samples: { labels: Record<string, string>; value: number }[];
}

const NAME = '[a-zA-Z_][a-zA-Z0-9_]*';
const TEXT = String.raw`(?:[^"\\\n]|\\["\\n])*`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{((?:${NAME}="${TEXT}",?)*)\\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)$`);
const LABEL = new RegExp(`(${NAME})="(${TEXT})"`, 'g');

/**
 * Reads the part of OpenMetrics 1.0 that gauges need, strictly: every line must be one that the specification has, all
 * lines of a family stand together, and no sample comes twice.
 * @throws Error that names the line
 */
export function parseMetrics(text: string): ReadFamily[] {
  if (!text.endsWith('\n# EOF\n')) throw new Error('it does not end with # EOF and a line feed');
  const families = new Map<string, ReadFamily>();
  const seen = new Set<string>();
  let current: ReadFamily | undefined;
  for (const line of text.slice(0, -'# EOF\n'.length - 1).split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (TYPE|UNIT|HELP) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === 'TYPE') {
      if (families.has(name)) throw new Error(`a second family: ${line}`);
      current = { name, type: rest, unit: undefined, help: '', samples: [] };
      families.set(name, current);
    } else if (kind !== undefined) {
      if (current?.name !== name || current.samples.length > 0) throw new Error(`out of place: ${line}`);
      if (kind === 'UNIT' && !name.endsWith(`_${rest}`)) throw new Error(`another unit: ${line}`);
      if (kind === 'UNIT') current.unit = rest;
      else current.help = unescapeText(rest);
    } else {
      const [, of, labels = '', value] = SAMPLE.exec(line) ?? [];
      if (of === undefined || current?.name !== of) throw new Error(`not a sample of its family: ${line}`);
      if (seen.has(of + labels)) throw new Error(`a second time: ${line}`);
      seen.add(of + labels);
      const read = [...labels.matchAll(LABEL)].map(([, label = '', inner = '']) => [
        label,
        unescapeText(inner),
      ]);
      current.samples.push({ labels: Object.fromEntries(read), value: Number(value) });
    }
  }
  return [...families.values()];
}

function unescapeText(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}
