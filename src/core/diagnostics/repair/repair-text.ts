import { parseJobText } from '../../jobs/job-text.ts';
import { SCHEMA_VERSION } from '../../model/job-record.ts';
import { type FileContext, fieldEdits } from './field-edits.ts';
import { AmbiguousJsonError, applyEdits, type Edit, readJsonTree, toValue } from './json-tree.ts';

/** One thing wrong in a file; line and column count from 1. */
export interface Flaw {
  message: string;
  line?: number | undefined;
  column?: number | undefined;
}

/** What can be done for the text of a job's file. */
export type TextRepair =
  /** It is a valid job as it stands. */
  | { kind: 'fine' }
  | { kind: 'newer'; reason: string }
  /** `text` is a valid job; each flaw says what was changed. */
  | { kind: 'repairable'; text: string; flaws: Flaw[] }
  /** Not without guessing. `flaws` is what remains to be mended by hand. */
  | { kind: 'beyond'; flaws: Flaw[] };

/**
 * Finds the text that a job's file was meant to have. It changes only what can mean one thing, and only when the result
 * is a valid job: what it says is never in part ours. Everything else stands as it stood, to the letter: unknown
 * fields, their order, the spelling of numbers.
 */
export function repairText(text: string, context: FileContext & { file: string }): TextRepair {
  const parse = (content: string) => parseJobText(content, { ...context, modifiedAt: 0 }, undefined);
  const before = parse(text);
  if (before.kind === 'newer') return { kind: 'newer', reason: before.reason };
  try {
    const { root, edits: syntax } = readJsonTree(text);
    const version =
      root.kind === 'object' ? root.members.find(({ key }) => key === 'schema_version') : undefined;
    // Whatever its spelling, a file of a newer version is not ours.
    if (before.kind === 'invalid' && version && Number(toValue(version.node)) > SCHEMA_VERSION) {
      return { kind: 'beyond', flaws: [toFlaw(before)] };
    }
    const edits = [...fieldEdits(root, context), ...syntax];
    if (edits.length === 0)
      return before.kind === 'valid' ? { kind: 'fine' } : { kind: 'beyond', flaws: [toFlaw(before)] };
    const edited = applyEdits(text, edits);
    // A member that was taken away has left its comma.
    const repaired = applyEdits(edited, readJsonTree(edited).edits);
    const after = parse(repaired);
    const flaws = edits.map((edit) => flawFromEdit(text, edit));
    if (after.kind === 'valid') return { kind: 'repairable', text: repaired, flaws: sortByPosition(flaws) };
    if (before.kind === 'valid') return { kind: 'fine' };
    return {
      kind: 'beyond',
      flaws: [...sortByPosition(flaws), ...(after.kind === 'invalid' ? [toFlaw(after)] : [])],
    };
  } catch (error) {
    if (!(error instanceof AmbiguousJsonError)) throw error;
    if (before.kind === 'valid') return { kind: 'fine' };
    return { kind: 'beyond', flaws: [{ message: error.message, ...positionOf(text, error.offset) }] };
  }
}

function toFlaw({ reason, line, column }: { reason: string; line?: number; column?: number }): Flaw {
  return { message: reason, line, column };
}

function flawFromEdit(text: string, { start, why }: Edit): Flaw {
  return { message: why, ...positionOf(text, start) };
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function sortByPosition(flaws: readonly Flaw[]): Flaw[] {
  return [...flaws].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
