import { correctSpelling } from '../../model/field-spelling.ts';
import type { Edit, Member } from './json-tree.ts';

type Members = Extract<import('./json-tree.ts').Node, { kind: 'object' }>['members'];

/** The members by the names that they are meant to have, with an edit for each that bears another. */
export function renameMembers(
  members: Members,
  fields: readonly string[],
  aliases: Readonly<Record<string, string>>,
): { named: Map<string, Member>; edits: Edit[] } {
  const named = new Map(members.map((member) => [member.key, member]));
  const edits: Edit[] = [];
  const resolved = members.map((member) => resolveFieldName(member.key, fields, aliases));
  for (const [index, member] of members.entries()) {
    const meant = resolved[index];
    // Two that mean the same are a choice for a person.
    if (meant === undefined || named.has(meant) || resolved.indexOf(meant) !== resolved.lastIndexOf(meant))
      continue;
    edits.push({
      ...member.keySpan,
      text: JSON.stringify(meant),
      why: `the field ${member.key} is spelt ${meant}`,
    });
    named.delete(member.key);
    named.set(meant, member);
  }
  return { named, edits };
}

function resolveFieldName(key: string, fields: readonly string[], aliases: Readonly<Record<string, string>>) {
  if (fields.includes(key)) return undefined;
  return correctSpelling(key, fields) ?? (Object.hasOwn(aliases, key) ? aliases[key] : undefined);
}

/** Puts another value in the place of a member's. */
export function setValue({ node }: Member, value: unknown, why: string): Edit {
  return { start: node.start, end: node.end, text: JSON.stringify(value), why };
}

/** Takes a member away; the comma that is left over goes when the text is read again. */
export function removeMember({ keySpan, node }: Member, why: string): Edit {
  return { start: keySpan.start, end: node.end, text: '', why };
}

/** A value in a message, not too long. */
export function formatValue(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
