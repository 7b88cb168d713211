import { onTestFinished } from 'vitest';
import { shopHome } from './shop-home.ts';

/** A home whose scheduler ends with the test. */
export function schedulerHome(configs?: Record<string, string>) {
  const home = shopHome(configs);
  onTestFinished(async () => {
    const { pid } = JSON.parse((await home.qs('scheduler', 'status', '--json')).stdout) as {
      pid: number | null;
    };
    if (pid !== null) process.kill(pid, 'SIGKILL');
  });
  return home;
}
