import type { Environment } from '../../core/configs/home-environment.ts';
import { asRecord } from '../../core/lib/json.ts';
import { findConfigUrls } from './cross-checks.ts';
import { expandVariables, type FilledParams, hostPart } from './variables.ts';

/** Returns an address for each host that a choice of a job may lead to. @param raw the tree as it is written */
export function listChoiceAddresses(
  raw: Readonly<Record<string, unknown>>,
  env: Environment,
  { declared, values }: FilledParams,
): string[] {
  const hosts = new Set(findConfigUrls(raw).map(({ text }) => hostPart(text)));
  return [...hosts].flatMap((host) =>
    Object.entries(declared ?? {}).flatMap(([name, { values: choices = [] }]) => {
      if (!host.includes(`\${params.${name}}`)) return [];
      return choices.flatMap((choice) => {
        const params = { declared, values: { ...values, [name]: choice } };
        const { url } = asRecord(expandVariables({ url: host }, env, params).value);
        return typeof url === 'string' ? [url] : [];
      });
    }),
  );
}
