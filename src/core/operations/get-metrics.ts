import * as z from 'zod';
import { collectMetricFacts } from '../diagnostics/metrics/collect-metric-facts.ts';
import { toMetricFamilies } from '../diagnostics/metrics/metric-families.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';

export const getMetrics = defineOperation({
  name: 'get_metrics',
  title: 'Figures for monitoring',
  description:
    'Figures of the home and of each job for a monitoring system, as quickscrape metrics prints them.',
  input: () => z.strictObject({}),
  output: () =>
    z.object({
      metrics: z.array(
        z.object({
          name: z
            .string()
            .describe('Such as quickscrape_job_last_run_items; ends with the unit, if it has one'),
          type: z.enum(['gauge']),
          unit: z.enum(['seconds', 'bytes']).nullable(),
          help: z.string().describe('What the figure is'),
          samples: z
            .array(
              z.object({
                labels: z.record(z.string(), z.string()).describe('Which job, or which outcome'),
                value: z.number().describe('Instants in seconds of the Unix epoch'),
              }),
            )
            .describe('One, or one for each job that has the figure'),
        }),
      ),
    }),
  annotations: READ_ONLY,
  errors: [],
  handler: (workspace) => ({ metrics: toMetricFamilies(collectMetricFacts(workspace)) }),
});
