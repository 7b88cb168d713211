import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import type { TracedService, Tracing } from './otlp-tracing.ts';

/**
 * Opens the way to a collector of OpenTelemetry, if the standard variables name one. Nothing of it is loaded otherwise.
 * @param warn hears of variables that cannot be used, and of a collector that takes nothing
 */
export async function openTracing(
  service: TracedService,
  warn: (message: string) => void,
): Promise<Tracing | undefined> {
  const read = (name: string) =>
    process.env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || process.env[`OTEL_EXPORTER_OTLP_${name}`];
  const endpoint = read('ENDPOINT');
  if (!endpoint || process.env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return undefined;
  if (!/^https?:\/\/./.test(endpoint) || !canParseUrl(endpoint)) {
    warn('OTEL_EXPORTER_OTLP_ENDPOINT is not an address such as http://127.0.0.1:4318: no traces are sent');
    return undefined;
  }
  const protocol = read('PROTOCOL') ?? 'http/protobuf';
  if (protocol !== 'http/protobuf' && protocol !== 'http/json') {
    warn('OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf or http/json: no traces are sent');
    return undefined;
  }
  const { startTracing } = await import('./otlp-tracing.ts');
  return startTracing(service, { protocol, host: new URL(endpoint).host, warn });
}
