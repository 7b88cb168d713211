import type { HomeEvent } from '../home/home-data.ts';

/** The jobs that something just happened to, and until when their rows show it (epoch ms). */
export type Pulses = ReadonlyMap<string, number>;

export const NO_PULSES: Pulses = new Map();

const PULSE_MS = 2_000;

/** The pulses once more has happened; counts that move on are no news. */
export function pulsesAfter(pulses: Pulses, { happened }: HomeEvent, now: number): Pulses {
  const ids = happened.flatMap(({ jobId }) => jobId ?? []);
  return ids.length === 0 ? pulses : new Map([...pulses, ...ids.map((id) => [id, now + PULSE_MS] as const)]);
}

/** Those that are not over; the same map when none is. */
export function fadedPulses(pulses: Pulses, now: number): Pulses {
  const left = [...pulses].filter(([, until]) => until > now);
  if (left.length === pulses.size) return pulses;
  return left.length === 0 ? NO_PULSES : new Map(left);
}
