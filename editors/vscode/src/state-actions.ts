import type { SessionKind } from './session.ts';

/** Something to do about a state, in place of the jobs. */
export interface Action {
  title: string;
  icon: string;
  command: string;
  argument?: string;
}

const TRY_AGAIN: Action = { title: 'Try Again', icon: 'refresh', command: 'quickscrape.reconnect' };
const SET_COMMAND: Action = {
  title: 'Set the Command',
  icon: 'gear',
  command: 'workbench.action.openSettings',
  argument: 'quickscrape.command',
};
const SET_HOME: Action = { ...SET_COMMAND, title: 'Choose Another Home', argument: 'quickscrape.home' };
const CREATE_HOME: Action = {
  title: 'Create the Home',
  icon: 'new-folder',
  command: 'quickscrape.createHome',
};
const SHOW_DOCTOR: Action = {
  title: 'Show What Is Wrong',
  icon: 'pulse',
  command: 'quickscrape.showDoctor',
};

export const ACTIONS: Readonly<Record<Exclude<SessionKind, 'ready'>, readonly Action[]>> = {
  starting: [],
  no_program: [SET_COMMAND, TRY_AGAIN],
  old_program: [TRY_AGAIN, SET_COMMAND],
  no_home: [CREATE_HOME, SET_HOME],
  failed: [TRY_AGAIN, SHOW_DOCTOR, SET_COMMAND],
};
