import { createContext, useContext, useSyncExternalStore } from 'react';
import { Text, type TextProps } from './text.tsx';

/** The source of the seconds. */
export interface Clock {
  now(): number;
  /** Calls `listener` each second until the returned function is called. */
  onClock(listener: () => void): () => void;
}

/** Returns a clock that calls back only when a minute has passed. */
export function minuteClock(clock: Clock): Clock {
  return {
    now: clock.now,
    onClock: (listener) => {
      let minute = minuteOf(clock.now());
      return clock.onClock(() => {
        if (minuteOf(clock.now()) === minute) return;
        minute = minuteOf(clock.now());
        listener();
      });
    },
  };
}

function minuteOf(now: number): number {
  return Math.floor(now / 60_000);
}

export const ClockContext = createContext<Clock>({ now: () => 0, onClock: () => () => {} });

/**
 * A text that changes by the second, such as a countdown. Each second only this text is redrawn, and only if it has
 * changed. A view that uses `state.now` is redrawn once a minute.
 */
export function ClockText({ of, ...props }: Omit<TextProps, 'children'> & { of: (now: number) => string }) {
  const { now, onClock } = useContext(ClockContext);
  const text = useSyncExternalStore(onClock, () => of(now()));
  return <Text {...props}>{text}</Text>;
}
