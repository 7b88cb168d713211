import { element, formatValue } from './element.ts';
import type { Fields } from './fields.ts';
import { type Bar, groupByJob, placeBar, readTimeline, type Timeline } from './timeline.ts';
import { ToolView } from './tool-view.ts';

/** Runs that the view asks for at once. */
const PAGE_RUNS = 100;
/** A mark of less could not be seen, in percent of the axis. */
const MIN_WIDTH = 0.4;

/** The view of `list_runs` and `forecast_runs`: a line for each job, with its runs on a time axis. */
class TimelineView extends ToolView<Timeline> {
  protected read(answer: Fields, before?: Timeline): Timeline {
    return readTimeline(answer, before);
  }

  async #loadEarlier(timeline: Timeline): Promise<void> {
    await this.load('list_runs', { ...this.args, limit: PAGE_RUNS, cursor: timeline.nextCursor }, timeline);
    this.show();
  }

  protected elements(timeline: Timeline): HTMLElement[] {
    const { bars, notes, total, nextCursor } = timeline;
    const lanes = groupByJob(bars).map(([job, own]) => lane(job, own, timeline));
    const count = total === undefined ? String(bars.length) : `${bars.length} of ${total}`;
    const hasMore = nextCursor !== undefined && this.canCall();
    const onClick = () => void this.#loadEarlier(timeline);
    return [
      element(
        'div',
        { class: 'axis' },
        formatTime(timeline.from),
        element('span', {}, formatTime(timeline.until)),
      ),
      element('div', { class: 'lanes' }, ...lanes),
      ...notes.map((note) => element('p', { class: 'notice' }, formatValue(note))),
      element(
        'footer',
        {},
        element('span', {}, count),
        ...(hasMore ? [element('button', { onClick }, 'Earlier runs')] : []),
      ),
    ];
  }
}

function lane(job: string, bars: readonly Bar[], timeline: Timeline): HTMLElement {
  const name = formatValue(job);
  return element(
    'div',
    { class: 'lane' },
    element('span', { class: 'job', title: name }, name),
    element('div', { class: 'track' }, ...bars.map((bar) => mark(bar, timeline))),
  );
}

function mark(bar: Bar, timeline: Timeline): HTMLElement {
  const { left, width } = placeBar(bar, timeline);
  const text = `${formatTime(bar.start)}: ${formatValue(bar.text)}`;
  const made = element('span', {
    class: `bar ${/^[a-z_]+$/.test(bar.status) ? bar.status : ''}`,
    title: text,
    label: text,
  });
  made.style.left = `${left * 100}%`;
  made.style.width = `${Math.max(MIN_WIDTH, width * 100)}%`;
  return made;
}

/** A time in the zone of the host's machine. */
function formatTime(time: number): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' });
}

void new TimelineView().start('quickscrape-timeline');
