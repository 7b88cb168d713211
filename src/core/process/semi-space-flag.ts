/**
 * A flag for processes that read pages of several megabytes. It limits the space for new objects to 16 MB, which is the
 * default on Node 20 and 22. Node 24 allows 64 MB, and used two thirds more memory for the same pages.
 */
export const MAX_SEMI_SPACE_FLAG = '--max-semi-space-size=16';
