/** What the original's guide names and this version cannot do: a clear word instead of "unknown". */
interface Unsupported {
  message: string;
  hint: string;
}

const KEYS: Readonly<Record<string, Unsupported>> = {
  selector_descriptions: {
    message: 'selector_descriptions is not used',
    hint: 'Keep the descriptions as comments (#).',
  },
};

const VALUES: Readonly<Record<string, Readonly<Record<string, Unsupported>>>> = {
  backend: { selenium: { message: 'selenium is not available', hint: 'Use backend: browser.' } },
};

export function findUnsupportedKey(key: string): Unsupported | undefined {
  return Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
}

export function findUnsupportedValue(path: string, value: unknown): Unsupported | undefined {
  const values = Object.hasOwn(VALUES, path) ? VALUES[path] : undefined;
  if (values === undefined || typeof value !== 'string' || !Object.hasOwn(values, value)) return undefined;
  return values[value];
}
