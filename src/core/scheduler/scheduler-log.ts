/** Where a scheduler says what it does: one line a message, for people. */
export type SchedulerLog = (level: 'info' | 'warn' | 'error', message: string) => void;
