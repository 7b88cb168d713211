import { DEFINITION_FIELDS, type DefinitionField } from '../../model/definition.ts';
import { jobFields } from '../../model/definition-schema.ts';
import { EXPECTATION_NAMES } from '../../model/expectations.ts';
import { isName } from '../../model/job-id.ts';
import { BOOKKEEPING_FIELDS } from '../../model/job-record.ts';
import { candidates, findUniqueCandidate, wholeNumber } from './candidates.ts';
import { type Edit, type Member, type Node, toValue } from './json-tree.ts';
import { formatValue, removeMember, renameMembers, setValue } from './member-edits.ts';
import { scheduleEdits } from './schedule-edits.ts';

/** What is known around a job's file. */
export interface FileContext {
  /** The id that the file's name says. */
  id: string;
  /** The configurations that there are. */
  configs: readonly string[];
  /** Whether a name is another job's, or was: it has a file or a history of its own. */
  isHistoric(id: string): boolean;
  /** Whether there is a file of that job. */
  hasFile(id: string): boolean;
}

const FIELDS: readonly string[] = [...DEFINITION_FIELDS, ...BOOKKEEPING_FIELDS];
/** Fields where `null` can only mean their default, which does nothing. */
const NULL_MEANS_DEFAULT: readonly string[] = [
  'tags',
  'jitter',
  'stagger',
  'priority',
  'pause_after_failures',
  'overlap',
  'catch_up',
  'retry_backoff',
  'on_failure_mode',
];

/** The edits that make the fields of a job right, where only one thing can be meant. */
export function fieldEdits(root: Node, context: FileContext): Edit[] {
  if (root.kind !== 'object') return [];
  const { named, edits } = renameMembers(root.members, FIELDS, { config: 'config_name' });
  for (const [field, member] of named) edits.push(...editField(field, member, context));
  return edits;
}

function editField(field: string, member: Member, context: FileContext): Edit[] {
  const value = toValue(member.node);
  switch (field) {
    case 'schedule':
      return scheduleEdits(member);
    case 'expect':
      return member.node.kind === 'object' ? expectEdits(member.node.members) : [];
    case 'id':
      return idEdits(member, value, context);
    case 'schema_version':
    case 'revision':
      return numberEdits(field, member, value);
    case 'created_at':
    case 'updated_at':
      return value === null ? [removeMember(member, `${field}: null says nothing`)] : [];
    case 'config_name':
      return configEdits(member, value, context.configs);
    default:
      return isDefinitionField(field) ? valueEdits(field, member, value) : [];
  }
}

function valueEdits(field: DefinitionField, member: Member, value: unknown): Edit[] {
  const schema = jobFields().shape[field];
  const isRight = (one: unknown) => schema.safeParse(one).success;
  if (isRight(value)) return [];
  if (value === null && NULL_MEANS_DEFAULT.includes(field))
    return [removeMember(member, `${field}: null means its default`)];
  // A number is no name of a program.
  if (typeof value === 'number' && field !== 'description') return [];
  const right = findUniqueCandidate(value, isRight);
  return right
    ? [setValue(member, right.value, `${field} ${formatValue(value)} is written ${formatValue(right.value)}`)]
    : [];
}

function expectEdits(members: readonly Member[]): Edit[] {
  const { named, edits } = renameMembers([...members], EXPECTATION_NAMES, {});
  for (const [field, member] of named) {
    const value = toValue(member.node);
    const isRight = (one: unknown) => jobFields().shape.expect.safeParse({ [field]: one }).success;
    if (isRight(value)) continue;
    const right = value === null ? undefined : findUniqueCandidate(value, isRight);
    if (right)
      edits.push(
        setValue(
          member,
          right.value,
          `expect.${field} ${formatValue(value)} is written ${formatValue(right.value)}`,
        ),
      );
  }
  return edits;
}

/** A copied file still has the id of the one that it was copied from. */
function idEdits(member: Member, value: unknown, { id, isHistoric, hasFile }: FileContext): Edit[] {
  if (value === id) return [];
  const other = typeof value === 'string' ? value : '';
  // A file that was renamed: whether the job keeps its old name, with its history, is for a person to say.
  if (isName(other) && isHistoric(other) && !hasFile(other)) return [];
  return [setValue(member, id, `the id ${formatValue(value)} is ${formatValue(id)} by the file’s name`)];
}

function numberEdits(field: string, member: Member, value: unknown): Edit[] {
  if (value === null && field === 'revision') return [removeMember(member, 'revision: null says nothing')];
  const right = wholeNumber(value);
  if (right === undefined || right < 1) return [];
  return [setValue(member, right, `${field} ${formatValue(value)} is written ${right}`)];
}

function configEdits(member: Member, value: unknown, configs: readonly string[]): Edit[] {
  if (typeof value !== 'string' || isName(value)) return [];
  const bare = value
    .trim()
    .replace(/^.*[/\\]/, '')
    .replace(/\.ya?ml$/i, '');
  const found = new Set(
    [bare, ...candidates(bare)].flatMap((name) =>
      typeof name === 'string' && configs.includes(name) ? [name] : [],
    ),
  );
  const [only] = found;
  if (only === undefined || found.size > 1) return [];
  return [
    setValue(member, only, `config_name ${formatValue(value)} is the configuration ${formatValue(only)}`),
  ];
}

function isDefinitionField(field: string): field is DefinitionField {
  return (DEFINITION_FIELDS as readonly string[]).includes(field);
}
