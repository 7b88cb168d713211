/**
 * The rooms of each top folder, lowest first: a file imports from its own room and from those before it, types
 * counted. `.` are the files that lie directly in the top folder. What each room holds stands in docs/contributing/architecture.md.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: `lib process fs schedule model database workers settings trash configs channels messages runs jobs items quality history . lease execution scheduler
    diagnostics operations remote api`.split(/\s+/),
  scrape:
    `lib parsers selectors config extract output http browser pagination sitemap addresses sign-in source suggest view crawl attempt
    inspector`.split(/\s+/),
  messenger: 'text kinds .'.split(' '),
  workers: 'protocol home machine .'.split(' '),
  rpc: 'stdio access mcp json-rpc'.split(' '),
  tui: 'ui home kernel runtime features app .'.split(' '),
  cli: 'render flags context demo wizard commands .'.split(' '),
};
