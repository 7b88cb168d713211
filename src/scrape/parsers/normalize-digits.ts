/**
 * A text with digits of all scripts as `0`–`9`, fullwidth signs as the usual ones, and one sign for each separator:
 * `-` for a minus, `.` and `’` for Arabic separators.
 */
export function normalizeDigits(text: string): string {
  return text
    .replaceAll(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => String(getDigitValue(digit.codePointAt(0) ?? 0)))
    .replaceAll('\u2212', '-')
    .replaceAll('\u066b', '.')
    .replaceAll('\u066c', '’')
    .replaceAll('\uffe5', '¥');
}

/** Digits of a script stand together in the order of their values, and sets of ten side by side. */
function getDigitValue(code: number): number {
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}
