import { pluralize } from '../../../lib/pluralize.ts';
import { truncateList } from '../../../lib/truncate-list.ts';
import type { WrongZone } from '../../../schedule/zone-data.ts';
import { describeWrongZone } from '../../../schedule/zone-warnings.ts';
import { createFindings, type Finding } from '../finding.ts';

export interface TimeZoneFacts {
  /** What the system names as its zone; `undefined` or `Etc/Unknown` when it does not know. */
  system: string | undefined;
  /** Version of Node's time zone data, such as `2025c`. */
  dataVersion: string;
  /** Zones of which the data is known to be wrong. */
  wrong: readonly WrongZone[];
  /** The zone of each valid job, by job id. */
  jobZones: ReadonlyMap<string, string>;
  now: number;
}

/** Whether jobs run by the right clock on the wall. */
export function checkTimeZones({ system, dataVersion, wrong, jobZones, now }: TimeZoneFacts): Finding[] {
  const { ok, warning } = createFindings('time_zones');
  const findings: Finding[] = [];
  if (system === undefined || system === '' || system === 'Etc/Unknown') {
    findings.push(
      warning('the system does not know its time zone: schedules without one follow UTC', {
        fix: 'quickscrape config set timezone Europe/Berlin (or another IANA name)',
      }),
    );
  }
  for (const zone of wrong) {
    const jobs = [...jobZones].flatMap(([job, its]) => (its === zone.zone ? [job] : []));
    if (jobs.length === 0) continue;
    findings.push(
      warning(
        `${pluralize(jobs.length, 'job')} (${truncateList(jobs, 3)}): ${describeWrongZone(zone, now)}`,
        {
          fix: `update Node.js to one with time zone data ${zone.release} or later, then restart the scheduler`,
        },
      ),
    );
  }
  return findings.length > 0 ? findings : [ok(`${system}, time zone data ${dataVersion}`)];
}
