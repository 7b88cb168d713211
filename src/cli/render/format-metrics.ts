import { sanitizeLines } from '../../core/lib/sanitize-text.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';

type Families = OperationOutput<'get_metrics'>['metrics'];

/**
 * Formats figures in the text format of OpenMetrics 1.0
 * (https://prometheus.io/docs/specs/om/open_metrics_spec/#text-format). They are gauges without instants, so the older
 * format 0.0.4 of Prometheus reads the same text.
 */
export function formatMetrics(families: Families): string {
  const lines = families.flatMap(({ name, type, unit, help, samples }) => [
    `# TYPE ${name} ${type}`,
    ...(unit === null ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escapeText(help)}`,
    ...samples.map(({ labels, value }) => `${name}${formatLabels(labels)} ${value}`),
  ]);
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

function formatLabels(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeText(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Both formats know three escapes. What would control a terminal, or is no UTF-8, is replaced. */
function escapeText(text: string): string {
  return sanitizeLines(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
