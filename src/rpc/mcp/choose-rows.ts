import type { InputRequiredResult, McpServer, ServerContext } from '@modelcontextprotocol/server';
import type { FoundChoice } from '../../core/configs/suggest-response.ts';
import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { truncateUtf8 } from '../../core/lib/truncate-values.ts';
import type { OperationContext, RowsAnswer } from '../../core/operations/define-operation.ts';
import { askPerson, canElicit, choiceField } from './elicitation.ts';

/** Asks the person which of a page's repeating elements holds the rows. */
interface RowChooser {
  chooseRows: NonNullable<OperationContext['chooseRows']>;
  /** The question, to be sent instead of the answer to this call, if the client asks only then. */
  pending(): InputRequiredResult | undefined;
}

const FIELD = 'rows';
const MAX_SAMPLES = 3;
const MAX_SELECTOR_BYTES = 60;
const MAX_SAMPLE_BYTES = 60;

/** @returns `undefined` when the client cannot ask */
export function createRowChooser(context: ServerContext, server: McpServer): RowChooser | undefined {
  if (!canElicit(context, server)) return undefined;
  let question: InputRequiredResult | undefined;
  return {
    pending: () => question,
    async chooseRows(url, choices) {
      // The page may be another one when the answer comes, so a choice is known by its selector.
      const options = choices.map((choice) => ({ value: choice.item, title: describeRows(choice) }));
      const answer = await askPerson(context, {
        key: FIELD,
        message: `Which of these do you want from ${hostOf(url)}? What follows each colon is text from that page.`,
        requestedSchema: {
          type: 'object',
          properties: { [FIELD]: choiceField('Rows', options, context, server) },
          required: [FIELD],
        },
      });
      if (answer.kind === 'pending') question = answer.result;
      if (answer.kind === 'failed' && answer.wasAsked) return { person: 'invalid' };
      if (answer.kind !== 'answered') return { person: 'unable' };
      if (answer.action !== 'accept') return { person: DECLINES[answer.action] };
      const at = choices.findIndex(({ item }) => item === answer.content[FIELD]);
      return at === -1 ? { person: 'invalid' } : { person: 'chose', choice: at + 1 };
    },
  };
}

const DECLINES = { decline: 'declined', cancel: 'closed' } as const satisfies Record<
  string,
  RowsAnswer['person']
>;

/** A choice in one line: `20 × article.product_pod: A Light in the Attic, £51.77`. Its texts are from a page. */
export function describeRows({ item, rows, fields }: FoundChoice): string {
  const texts = fields.filter(({ attribute }) => attribute === null);
  const samples = (texts.length > 0 ? texts : fields)
    .map(({ sample = '' }) => truncateUtf8(sanitizeText(sample).trim(), MAX_SAMPLE_BYTES))
    .filter((sample) => sample !== '');
  const selector = truncateUtf8(sanitizeText(item), MAX_SELECTOR_BYTES);
  return `${rows} × ${selector}: ${samples.slice(0, MAX_SAMPLES).join(', ')}`;
}

/** The address is from the caller, and may be long. */
function hostOf(url: string): string {
  return canParseUrl(url) ? new URL(url).host : 'the page';
}
