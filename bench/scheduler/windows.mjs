import { setTimeout as delay } from 'node:timers/promises';

/**
 * Processor time and memory of programs at work or idle, all at the same time, a step after the other.
 *
 * @param programs what has `cpuMs()` and `mb()`
 * @param sizes.steps how many, each of `stepMs`
 * @param sizes.window how many of them make a window, of which one begins every `every` steps
 * @returns of each program, in the order of `programs`, its windows: of each `cpu`, in percent of a processor, `most`, the
 *   step that took the most, in percent of the window, and `mb` at its end
 */
export async function windows(programs, { steps, stepMs, window, every }) {
  const look = () =>
    programs.map((program) => ({ at: performance.now(), cpu: program.cpuMs(), mb: program.mb() }));
  const started = performance.now();
  const looks = [look()];
  for (let step = 1; step <= steps; step += 1) {
    await delay(started + step * stepMs - performance.now());
    looks.push(look());
  }
  return programs.map((_, index) => {
    const own = looks.map((all) => all[index]);
    const found = [];
    for (let from = 0; from + window <= steps; from += every)
      found.push(windowOf(own.slice(from, from + window + 1)));
    return found;
  });
}

function windowOf(looks) {
  const [first, last] = [looks[0], looks.at(-1)];
  const ms = last.at - first.at;
  const steps = looks.slice(1).map(({ cpu }, index) => cpu - looks[index].cpu);
  return { cpu: (100 * (last.cpu - first.cpu)) / ms, most: (100 * Math.max(...steps)) / ms, mb: last.mb };
}
