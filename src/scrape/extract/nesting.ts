/** A page people read stays below 100. Parsing and selecting take time quadratic in the depth: this much, half a second. */
const MAX_DEPTH = 12_000;

/** Elements that never hold another of their kind: left open, they do not add to the depth. */
const FLAT = new Set(
  'area base br col embed hr img input link meta source track wbr p li dt dd td th tr tbody thead tfoot option optgroup colgroup html head body'.split(
    ' ',
  ),
);

/** Whether the markup opens thousands of elements that it does not close. Estimated from the tags alone. */
export function isNestedDeep(body: Buffer): boolean {
  // Fewer bytes than that cannot hold so many tags.
  if (body.length < MAX_DEPTH * 3) return false;
  const open = new Map<string, number>();
  let depth = 0;
  for (const [, slash, name] of body.toString('latin1').matchAll(/<(\/?)([a-z][a-z0-9-]{0,30})/gi)) {
    const tag = (name ?? '').toLowerCase();
    if (FLAT.has(tag)) continue;
    const count = open.get(tag) ?? 0;
    if (slash === '') {
      open.set(tag, count + 1);
      depth += 1;
    } else if (count > 0) {
      open.set(tag, count - 1);
      depth -= 1;
    }
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
