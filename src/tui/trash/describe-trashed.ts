import { JobSchedule } from '../../core/schedule/job-schedule.ts';
import { summarizeConfig } from '../configs/config-summary.ts';

/** What a deleted job was, from the text of its file: its configuration, its schedule, its description. */
export function describeTrashedJob(text: string): string {
  const { config_name: config, schedule, description } = fieldsOf(text);
  return [config, scheduleText(schedule), description]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' · ');
}

/** What a version of a configuration was. */
export function describeTrashedConfig(yaml: string): string {
  const { host, pages, fields } = summarizeConfig(yaml);
  return [host, pages, fields.join(', ')].filter(Boolean).join(' · ');
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(text);
    return typeof fields === 'object' && fields !== null ? { ...fields } : {};
  } catch {
    return {};
  }
}

function scheduleText(schedule: unknown): string {
  try {
    return JobSchedule.fromDict(schedule as Parameters<typeof JobSchedule.fromDict>[0]).describe();
  } catch {
    // One that an older or a newer version has written.
    return '';
  }
}
