import { isSecretValue } from '../../core/configs/written-secrets.ts';
import type { Redact } from '../../core/lib/redact.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { RequestSettings } from '../config/request.ts';
import { buildRequest, createRequestTemplate, type RequestTemplate } from '../http/page-request.ts';

const MAX_SHOWN = 5;
const MAX_CHARACTERS = 600;

/** Collects what a test run sends for its first pages, without secrets. */
export class SentRequests {
  readonly shown: string[] = [];
  readonly #template: RequestTemplate | undefined;
  readonly #redact: Redact;

  constructor(config: Pick<ScrapeConfig, 'request' | 'pagination'>, redact: Redact) {
    const template = createRequestTemplate(config);
    this.#template = template && { ...template, request: withoutSecrets(template.request, redact) };
    this.#redact = redact;
  }

  /** @param address of the page, as the run knows it */
  add(address: string): void {
    if (this.#template === undefined || this.shown.length >= MAX_SHOWN) return;
    const { label, body = '' } = buildRequest(this.#template, address);
    const text = this.#redact(body === '' ? label : `${label}: ${body}`);
    this.shown.push(text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS)}…`);
  }
}

/** Values are replaced before they are encoded: afterwards some would not be found. */
function withoutSecrets(request: RequestSettings, redact: Redact): RequestSettings {
  const { json, form, body, graphql } = request;
  return {
    ...request,
    ...(json !== undefined && { json: conceal(json, redact) }),
    ...(form !== undefined && { form: conceal(form, redact) }),
    ...(body !== undefined && { body: redact(body) }),
    ...(graphql !== undefined && {
      graphql: {
        query: redact(graphql.query),
        ...(graphql.variables && { variables: conceal(graphql.variables, redact) }),
      },
    }),
  };
}

function conceal<T>(tree: T, redact: Redact): T {
  const inner = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((entry) => inner(entry, name));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, inner(entry, key)]));
    if (isSecretValue(name, value)) return '***';
    return typeof value === 'string' ? redact(value) : value;
  };
  return inner(tree, '') as T;
}
