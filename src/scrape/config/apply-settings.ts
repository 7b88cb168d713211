import { formatFromPath, type OutputFormat } from '../../core/model/output-format.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { ScrapeConfig } from './config-schema.ts';
import type { OutputSettings } from './output.ts';

/** A configuration in which nothing is left open. */
export type CompleteConfig = ScrapeConfig & {
  timeout: number;
  respect_robots: boolean;
  /** The setting; the program is looked for where it is null. */
  browser_path: string | null;
  output: OutputSettings & { format: OutputFormat };
};

/**
 * Takes from the home's settings what a configuration does not say: time-out, robots.txt, user agent, format. A format
 * that is not said is the one that the output path's ending belongs to, before it is the settings'.
 */
export function applySettings(config: ScrapeConfig, settings: Pick<Settings, 'get'>): CompleteConfig {
  const { format = formatFromPath(config.output.path ?? '') } = config.output;
  const userAgent = config.user_agent ?? settings.get('user_agent');
  return {
    ...config,
    timeout: config.timeout ?? settings.get('request_timeout'),
    respect_robots: config.respect_robots ?? settings.get('respect_robots'),
    browser_path: settings.get('browser_path'),
    ...(userAgent !== null && { user_agent: userAgent }),
    output: { ...config.output, format: format ?? settings.get('default_output_format') },
  };
}
