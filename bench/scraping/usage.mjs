// Preloaded with --import into a program that is measured: leaves in USAGE_FILE what its process took, from its start on.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { cpu: (userCPUTime + systemCPUTime) / 1e6, mb: peakKb() / 1000 };
  // Of several processes, each has its own.
  writeFileSync(process.env['USAGE_FILE'].replace('{pid}', process.pid), JSON.stringify(usage));
});

/** What getrusage tells begins with the memory of whoever started us, where the system does not know better. */
function peakKb() {
  const status = '/proc/self/status';
  if (!existsSync(status)) return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))[1]);
}
