/** What a text was read as, or why it could not be: a reason that fits behind the text ("is no date"). */
export type ParseResult<T> = { value: T } | { reason: string };

/** The reason of a text that stands for different values in different countries. */
export const AMBIGUOUS = 'can be read in two ways (say locale)';

/** The reason of a time with a zone such as `CST`, and no locale that says whose. */
export const AMBIGUOUS_ZONE = 'names a time zone that several countries have (say locale)';
