import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { type HistoryContent, HistoryList, historyBox, inputToList } from '../../kernel/history-list.tsx';
import type { DialogOf, State } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { rowInBox } from '../../ui/components/overlay.tsx';
import { formatClockTime } from '../../ui/format.ts';
import { keyOf } from '../../ui/input.ts';
import type { TextSpan } from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { goToJob } from '../jobs/reducer.ts';
import type { ChannelMessage } from './model.ts';
import { messagesOf, testChannel } from './reducer.ts';

/** Enter goes to the job of a message, `t` sends a test message to its channel. */
export const messagesRules: DialogRules<'messages'> = {
  onInput(state, dialog, input) {
    const rows = messagesOf(dialog);
    const selected = rows[dialog.index];
    if (keyOf(input) === 't' && selected !== undefined) {
      if (state.readOnly)
        return step(withNotice(state, 'warning', 'The dashboard was opened with --read-only.'));
      return testChannel(state, selected.channel);
    }
    return inputToList(state, dialog, input, {
      rows,
      take: (closed, { job_id }) => (job_id === null ? step(state) : goToJob(closed, job_id)),
    });
  },
  rowAt: (state, dialog, click, body) =>
    rowInBox(historyBox(state, messagesContent(state, dialog), body), click),
};

type Row = ChannelMessage & { at: number };

export function MessagesDialog({ state, dialog, body }: DialogProps<'messages'>) {
  return <HistoryList state={state} body={body} content={messagesContent(state, dialog)} />;
}

function messagesContent(state: State, dialog: DialogOf<'messages'>): HistoryContent<Row> {
  const rows = messagesOf(dialog).map((message) => ({ ...message, at: Date.parse(message.created_at) }));
  const channelCells = Math.max(
    widestOf(rows, ({ channel }) => channel),
    MIN_CHANNEL_CELLS,
  );
  return {
    title: dialog.jobId === null ? 'Messages' : `Messages about ${dialog.jobId}`,
    head: describeList(state, dialog, dialog.index),
    heads: rows.map((_, at) => describeList(state, dialog, at)),
    rows,
    index: dialog.index,
    columns: 110,
    widest: channelCells + OTHER_CELLS + widestOf(rows, ({ job_id }) => job_id ?? ''),
    spansOf,
  };
}

function describeList(state: State, dialog: DialogOf<'messages'>, index: number): string {
  const { answer } = dialog;
  if (answer === undefined) return 'Reading the messages…';
  if ('problem' in answer) return sanitizeText(answer.problem);
  const selected = answer[index];
  if (selected === undefined)
    return dialog.jobId === null
      ? 'Messages that jobs have sent through channels, and those that wait. None yet: a job with notify (e) sends them.'
      : `What ${dialog.jobId} has sent through channels. Nothing yet: give it a channel in notify (e).`;
  return `${index + 1} of ${answer.length} · ${sanitizeText(describeMessage(state, selected))}`;
}

/** `tried 3 times, again at 10:30: connection refused` */
function describeMessage({ now, timezone }: State, message: ChannelMessage): string {
  const { status, attempts, sent_at, next_attempt_at, error } = message;
  const clock = (instant: string) => {
    const at = Date.parse(instant);
    return Number.isNaN(at) ? instant : formatClockTime(at, now, timezone);
  };
  if (sent_at !== null)
    return `${status === 'joined' ? 'sent within another message' : 'sent'} ${clock(sent_at)}`;
  const tries = attempts === 0 ? '' : `tried ${pluralize(attempts, 'time')}, `;
  const next =
    status === 'failed' || next_attempt_at === null ? 'given up' : `next attempt ${clock(next_attempt_at)}`;
  return `${tries}${next}${error === null ? '' : `: ${error}`}`;
}

const STATUS_STYLES: Record<ChannelMessage['status'], StyleName> = {
  waiting: 'warning',
  sending: 'running',
  sent: 'good',
  joined: 'good',
  failed: 'bad',
};
const MIN_CHANNEL_CELLS = 4;
const MAX_CHANNEL_CELLS = 20;
/** From this width on, channels are whole. */
const ROOMY = 110;
const EVENT_CELLS = 10;
const STATUS_CELLS = 8;
/** What stands between channel and job, with the gaps. */
const OTHER_CELLS = 2 + EVENT_CELLS + STATUS_CELLS + 1;

function widestOf(rows: readonly Row[], of: (row: Row) => string): number {
  return rows.reduce((most, row) => Math.max(most, displayWidth(sanitizeText(of(row)))), 0);
}

function spansOf(shown: readonly Row[], cells: number): (message: Row) => readonly TextSpan[] {
  const share = Math.floor(cells * 0.3);
  const rest = OTHER_CELLS + widestOf(shown, ({ job_id }) => job_id ?? '');
  const most = cells < ROOMY ? Math.min(MAX_CHANNEL_CELLS, share) : Math.max(share, cells - rest);
  const widest = Math.max(
    widestOf(shown, ({ channel }) => channel),
    MIN_CHANNEL_CELLS,
  );
  const channelCells = Math.min(most, widest);
  const room = Math.max(0, cells - channelCells - OTHER_CELLS);
  return ({ channel, event, job_id, status }) => [
    { text: `${fitTo(sanitizeText(channel), channelCells)}  `, style: 'plain' },
    { text: fitTo(event, EVENT_CELLS), style: 'plain' },
    { text: fitTo(status, STATUS_CELLS), style: STATUS_STYLES[status] },
    // Why it was not sent stands above the list, where there is room for all of it.
    { text: ` ${fitTo(sanitizeText(job_id ?? ''), room)}`, style: 'faint' },
  ];
}
