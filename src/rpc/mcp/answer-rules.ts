import type { Shortenable } from './fit-answer.ts';

/** An answer to a call that did not ask for so much, in characters of JSON. */
export const USUAL_ANSWER = 1_650;
/** No answer is larger, whatever was asked for. */
export const LARGEST_ANSWER = 19_000;

/** How the answer of an operation is kept small. */
export interface AnswerRule {
  /** Its list that goes on at `next_cursor`. */
  pages?: string;
  /** Parameters that say how much is wanted: with one of them, more than the usual is given. */
  asks?: readonly string[];
  /** What may be shortened, first to last. */
  lists?: readonly Shortenable[];
  /** Texts that are what was asked for. */
  keep?: readonly string[];
}

const ITEMS = 'the output file has all items';

export const ANSWER_RULES: Readonly<Record<string, AnswerRule>> = {
  list_jobs: { pages: 'jobs', asks: ['limit'] },
  list_runs: { pages: 'runs', asks: ['limit'] },
  get_job: {
    lists: [
      { list: 'recent_runs', from: 'end', rest: 'list_runs with this job_id' },
      { list: 'explanation', from: 'end', rest: 'list_runs with this job_id' },
    ],
  },
  get_run: {
    asks: ['log_lines', 'sample_items'],
    lists: [
      { list: 'log_tail', from: 'start', rest: 'log_lines, or the resource quickscrape://runs/{run_id}/log' },
      { list: 'sample', from: 'end', rest: ITEMS },
      { list: 'attempts', from: 'start', rest: 'the last ones are shown' },
      { list: 'selectors', from: 'end', rest: 'the first ones are shown' },
    ],
  },
  test_config: {
    asks: ['sample_items'],
    lists: [
      { list: 'sample', from: 'end', rest: 'ask for fewer with sample_items' },
      { list: 'warnings', from: 'end', rest: 'the first ones are shown' },
      { list: 'matches', from: 'end', rest: 'the first ones are shown' },
    ],
  },
  compare_runs: { asks: ['limit'], lists: [{ list: 'examples', from: 'end', rest: 'limit' }] },
  preview_schedule: {
    asks: ['count'],
    lists: [
      { list: 'notes', from: 'end', rest: 'ask for a smaller count' },
      { list: 'next_runs', from: 'end', rest: 'ask again with from' },
    ],
  },
  forecast_runs: {
    asks: ['hours', 'limit'],
    lists: [
      { list: 'occurrences', from: 'end', rest: 'ask for fewer hours' },
      { list: 'collisions', from: 'end', rest: 'ask for fewer hours' },
      { list: 'by_hour', from: 'end', rest: 'ask for fewer hours' },
    ],
  },
  list_configs: {
    lists: [{ list: 'configs', from: 'end', rest: 'get_config names the closest to a guess' }],
  },
  get_config: { asks: ['config_name'], keep: ['yaml'] },
};
