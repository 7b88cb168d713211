/** Rows between the selected one and the edge of the window, where there is room. */
const MARGIN = 2;

/**
 * The first row of a window of `height` rows such that `index` of `count` rows is within it, moved as little as
 * possible from `top`.
 */
export function scrollIntoView(index: number, top: number, height: number, count: number): number {
  const margin = Math.min(MARGIN, Math.floor((height - 1) / 2));
  const lowest = Math.max(0, index + margin - height + 1);
  const highest = Math.max(0, index - margin);
  return clamp(clamp(top, lowest, highest), 0, Math.max(0, count - height));
}

export function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(value, max));
}
