import type { MessageEvent } from '../../core/messages/message-facts.ts';
import type { RowChange } from '../../core/quality/row-change.ts';

/**
 * A message in the words of a person, before a channel formats it. Every text may contain what a page wanted to say:
 * each kind of channel escapes it for its own format. Control characters are already replaced.
 */
export interface MessageText {
  event: MessageEvent;
  /** One line: what happened to which job. */
  title: string;
  /** A template of the channel made the title, so it may contain what a page wanted to say. */
  isTitleOfTemplate?: boolean;
  /** Sentences: what happened, since when, the likely cause. */
  paragraphs: string[];
  /** The first changed rows. */
  changes: RowChange[];
  /** How many more there are. */
  moreChanges: number;
  /** What a person may do next: a command, or a place. */
  next: string[];
  /** The fields of templates, by name; all are texts. */
  fields: Readonly<Record<string, string>>;
}
