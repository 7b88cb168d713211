import { toPageUrl } from '../lib/page-url.ts';

/** Nobody said where the walk ends: the rows do (numbered.ts). */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** The address with its query parameter set to `start`, `start` + `step`, … The rest of the query stays as it is. */
export function* createUrlParamUrls(
  url: string,
  {
    param_name,
    start_page,
    step,
    max_pages = NO_LIMIT,
  }: {
    param_name: string;
    start_page: number;
    step: number;
    max_pages?: number;
  },
): Generator<string> {
  for (let count = 0; count < max_pages; count++) {
    const address = new URL(url);
    address.searchParams.set(param_name, String(start_page + count * step));
    yield toPageUrl(address.href);
  }
}

/** The template with `{page}` replaced by each number, the last one included. */
export function* createPageNumberUrls({
  url_template,
  start_page,
  end_page = NO_LIMIT,
  max_pages = NO_LIMIT,
}: {
  url_template: string;
  start_page: number;
  end_page?: number;
  max_pages?: number;
}): Generator<string> {
  for (let page = start_page; page <= end_page && page - start_page < max_pages; page++) {
    yield toPageUrl(url_template.replaceAll('{page}', String(page)));
  }
}
