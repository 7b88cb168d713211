/** The parsed value, or a reason that completes a sentence beginning with the text ("is not a date"). */
export type ParseResult<T> = { value: T } | { reason: string };

/** The reason for a time with a zone such as `CST`, if no locale determines the country. */
export const AMBIGUOUS_ZONE =
  'names a time zone that several countries have (set locale: en-US, for example)';
