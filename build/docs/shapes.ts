import * as z from 'zod';
import { jobFields } from '../../src/core/model/definition.ts';
import { jobOutput, jobSummaryOutput } from '../../src/core/operations/job-output.ts';
import { runOutput } from '../../src/core/operations/run-output.ts';
import { schedulerOutput } from '../../src/core/operations/scheduler-operations.ts';
import { scheduleInput } from '../../src/core/schedule/rule.ts';
import { fieldsOf, type Schema, type ShapeLink } from '../schema-words.ts';

/** What several operations take or give, which the page shows once. */
export interface Shape {
  title: string;
  /** Which side of an operation it stands on: the schema says of input what may be left out, of output what is there. */
  io: 'input' | 'output';
  schema: Schema;
  about: string;
}

export const SHAPES: readonly Shape[] = [
  shape(
    'Schedule',
    'input',
    scheduleInput(),
    'When a job runs; [rules](schedules.md). `day_of_week` 0 is Monday.',
  ),
  shape(
    'Job fields',
    'input',
    jobFields(),
    'These fields define what a job does, when and how. A new job that names no `keep_runs`, or no `timezone` in its schedule, takes ' +
      'that of the [settings](commands.md#config). What happens [when something is in the ' +
      'way](schedules.md#when-something-is-in-the-way); [spreading jobs out](schedules.md#spreading-jobs-out); ' +
      '[commands that a job calls](library.md#callbacks).',
  ),
  shape(
    'Job',
    'output',
    jobOutput(),
    'A job as its file has it: these, and the rest of its [fields](#job-fields).',
  ),
  shape('Job summary', 'output', jobSummaryOutput(), 'One job of a list.'),
  shape(
    'Run',
    'output',
    runOutput(),
    'One execution of a job; what each status means: [runs](../explanation/runs.md).',
  ),
  shape('Scheduler', 'output', schedulerOutput(), 'The scheduler of a home.'),
];

export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

/** A link to the shape that a schema is, whatever its description at this place; also when it is one of its changes. */
export const linkToShape: ShapeLink = (schema) => {
  const same = SHAPES.find((each) => withoutDescriptions(each.schema) === withoutDescriptions(schema));
  if (same !== undefined) return linkTo(same);
  const changed = SHAPES.find((each) => names(each.schema) !== '' && names(each.schema) === names(schema));
  return changed && `any of the ${linkTo(changed)}`;
};

export function linkTo({ title }: Shape): string {
  return `[${title}](#${title.toLowerCase().replaceAll(' ', '-')})`;
}

function names(schema: Schema): string {
  return Object.keys(fieldsOf(schema)).join();
}

/** The same text for the same thing, whatever is said about it as a whole. */
function withoutDescriptions({ description: _, default: __, ...rest }: Schema): string {
  return JSON.stringify(rest);
}

function shape(title: string, io: Shape['io'], schema: z.ZodType, about: string): Shape {
  return { title, io, schema: jsonSchema(schema, io), about };
}
