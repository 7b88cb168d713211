import type { OutputFormat } from '../../core/model/output-format.ts';

export interface ScrapeFlags {
  outputFormat?: OutputFormat;
  outputPath?: string;
  maxPages?: number;
  sample?: number;
  delay?: number;
  timeout?: number;
  userAgent?: string;
  verbose?: boolean;
  quiet?: boolean;
  backend?: 'auto' | 'requests' | 'cloudscraper' | 'browser' | 'playwright' | 'http';
}
