import * as z from 'zod';
import { asRecord } from '../../core/lib/json.ts';
import {
  completeFields,
  completePageFields,
  type FieldInput,
  type FieldSelector,
  fieldRecord,
  type PageFacts,
} from './field.ts';
import { type Finding, formatPath, type Path } from './issue-location.ts';
import { pageSelector } from './page-selector.ts';

type Tree = Readonly<Record<string, unknown>>;

/** Each level multiplies the pages of a run. */
const MAX_LEVELS = 5;

const ON_ERROR = ['keep_row', 'drop_row', 'fail'] as const;

/** The detail page of each row, and which fields to take from it. */
export interface Follow extends PageFacts {
  /** Finds the link: in the row, or on the detail page of the level above. */
  selector: string;
  /** Fields that are added to the row, in the order in which they are written. */
  selectors: Record<string, FieldSelector>;
  /** What happens to a row whose detail page cannot be fetched. */
  on_error: (typeof ON_ERROR)[number];
  /** Maximum number of these detail pages per run. */
  max_pages?: number;
  /** The page that the detail page links to. */
  follow?: Follow;
}

/** One level as users write it. */
export interface FollowInput {
  selector: string;
  selectors: Record<string, FieldInput>;
  on_error: Follow['on_error'];
  max_pages?: number | undefined;
  follow?: FollowInput | undefined;
}

const keys = {
  selectors: fieldRecord.describe("Fields to take from the link's page"),
  on_error: z
    .enum(ON_ERROR)
    .default('keep_row')
    .describe('What becomes of a row whose page cannot be fetched'),
  max_pages: z.int().positive().optional().describe('Fetch at most this many detail pages in a run'),
};

const FURTHER = `The page that the detail page links to; at most ${MAX_LEVELS} levels`;

const furtherInput: z.ZodType<FollowInput> = z.strictObject({
  selector: pageSelector.describe('The link on the detail page'),
  ...keys,
  get follow(): z.ZodOptional<z.ZodType<FollowInput>> {
    return furtherInput.optional().describe(FURTHER);
  },
});

export const followInput = z
  .strictObject({
    selector: pageSelector.describe(
      'The link in the row: CSS selector, XPath after xpath:, or JSONPath after json:',
    ),
    ...keys,
    follow: furtherInput.optional().describe(FURTHER),
  })
  .describe('The page that each row links to, and what to take from it');

export function completeFollow(input: FollowInput): Follow {
  const { selector, selectors, on_error, max_pages, follow } = input;
  return {
    selector,
    selectors: completeFields(selectors),
    ...completePageFields(selectors),
    on_error,
    ...(max_pages !== undefined && { max_pages }),
    ...(follow !== undefined && { follow: completeFollow(follow) }),
  };
}

/** Lists the levels, outermost first. */
export function listFollows(follow: Follow | undefined): Follow[] {
  return follow === undefined ? [] : [follow, ...listFollows(follow.follow)];
}

/** The key of a level, counted from 1: `follow`, `follow.follow`. */
export function getFollowKey(level: number): string {
  return new Array<string>(level).fill('follow').join('.');
}

/** The name of the selector of a level's link: `follow.selector`, `follow.follow.selector`. */
export function getLinkName(level: number): string {
  return `${getFollowKey(level)}.selector`;
}

/** A level as it is written. */
interface WrittenFollow {
  path: Path;
  tree: Tree;
}

/** Lists the levels of `follow` in the tree as it is written, outermost first. */
export function listWrittenFollows(raw: Tree): WrittenFollow[] {
  const levels: WrittenFollow[] = [];
  let path: Path = ['follow'];
  for (let { follow } = raw; follow !== undefined && follow !== null; ) {
    const tree = asRecord(follow);
    levels.push({ path, tree });
    path = [...path, 'follow'];
    follow = tree['follow'];
  }
  return levels;
}

/** The fields as they are written, of rows and of all detail pages. */
export function getWrittenFields(raw: Tree): Tree {
  const detail = listWrittenFollows(raw).map(({ tree }) => asRecord(tree['selectors']));
  return Object.assign({}, asRecord(raw['selectors']), ...detail) as Tree;
}

/** Checks that the levels are not too many, and that each of their fields has its own name. */
export function checkFollow(raw: Tree): Finding[] {
  const levels = listWrittenFollows(raw);
  return [...findExcessLevel(levels), ...findDuplicateNames([{ path: [], tree: raw }, ...levels])];
}

function findDuplicateNames(levels: readonly WrittenFollow[]): Finding[] {
  const known = new Map<string, Path>();
  return levels.flatMap(({ path, tree }) => {
    const names = Object.keys(asRecord(tree['selectors']));
    const findings = names.flatMap((name): Finding[] => {
      const earlier = known.get(name);
      if (earlier === undefined) return [];
      const place = earlier.length === 1 ? 'the selectors' : formatPath(earlier);
      return [
        {
          path: [...path, 'selectors', name],
          part: 'key',
          message: `the field "${name}" is already one of ${place}`,
          earlier: [...earlier, name],
          hint: 'Fields of the detail page are added to the row: give this one another name, or remove one of the two.',
        },
      ];
    });
    for (const name of names) if (!known.has(name)) known.set(name, [...path, 'selectors']);
    return findings;
  });
}

function findExcessLevel(levels: readonly WrittenFollow[]): Finding[] {
  const path = levels[MAX_LEVELS]?.path;
  if (path === undefined) return [];
  const message = `follow leads over ${MAX_LEVELS} levels of pages, and this is one more`;
  const hint = 'Start nearer to the last pages: with a url further down, or with a job for each half.';
  return [{ path, part: 'key', message, hint }];
}
