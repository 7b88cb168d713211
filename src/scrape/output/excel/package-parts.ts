/** Characters that XML 1.0 cannot contain. Tab and line feed are allowed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are matched on purpose
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** The start of an escape in Excel: `_x0041_` would become `A`. */
const ESCAPE = /_(?=x[0-9A-Fa-f]{4}_)/g;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const CHARACTERS = Object.fromEntries(Object.entries(ENTITIES).map(([sign, entity]) => [entity, sign]));

/** A text as cells show it: without control characters, and with line feeds as line ends, as Excel requires. */
export function sanitizeCellText(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(FORBIDDEN, '');
}

/** Escapes a cell's text as XML. */
export function escapeCellText(text: string): string {
  return escapeXml(text.replaceAll(ESCAPE, '_x005F_'));
}

/** Decodes text that {@link escapeCellText} wrote. */
export function parseCellText(source: string): string {
  return unescapeXml(source).replaceAll('_x005F_', '_');
}

/** Decodes text that {@link escapeXml} wrote. */
export function unescapeXml(source: string): string {
  return source.replaceAll(/&(?:amp|lt|gt|quot);/g, (entity) => CHARACTERS[entity] ?? entity);
}

/** Escapes a text as XML, also for use in attributes. */
function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const SPREADSHEET_NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEETML = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Formats 14 and 22 are built into Excel: a date, and a date with its time, in the format of the reader's country. */
const FONT = '<sz val="11"/><name val="Calibri"/><family val="2"/>';
const BASE = 'numFmtId="0" fontId="0" fillId="0" borderId="0"';
const STYLED_PARTS =
  `<fonts count="2"><font>${FONT}</font><font><b/>${FONT}</font></fonts>` +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  `<cellStyleXfs count="1"><xf ${BASE}/></cellStyleXfs>`;
const CELL_STYLES = [
  `<xf ${BASE} xfId="0"/>`,
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
  createNumberStyle(14),
  createNumberStyle(22),
];
const NAMED_STYLES =
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
/** Formats of a workbook's own have numbers from here on (ECMA-376, 18.8.30). */
const FIRST_OWN_FORMAT = 164;
const FORMAT = /<numFmt numFmtId="\d+" formatCode="([^"]*)"\/>/g;

function createNumberStyle(format: number): string {
  return `<xf numFmtId="${format}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`;
}

/** The index of the style of the first format of the workbook's own; the others follow. */
export const FIRST_OWN_STYLE = CELL_STYLES.length;

/** @param formats number formats of the workbook's own, each with a style of its cells */
function createStyles(formats: readonly string[]): string {
  const own = formats.map(
    (format, index) => `<numFmt numFmtId="${FIRST_OWN_FORMAT + index}" formatCode="${escapeXml(format)}"/>`,
  );
  const declared = own.length === 0 ? '' : `<numFmts count="${own.length}">${own.join('')}</numFmts>`;
  const cells = [...CELL_STYLES, ...formats.map((_, index) => createNumberStyle(FIRST_OWN_FORMAT + index))];
  return (
    `${XML_DECLARATION}<styleSheet xmlns="${SPREADSHEET_NAMESPACE}">${declared}${STYLED_PARTS}` +
    `<cellXfs count="${cells.length}">${cells.join('')}</cellXfs>${NAMED_STYLES}`
  );
}

/** The number formats in styles that {@link createFixedParts} wrote. */
export function parseFormats(styles: string): string[] {
  return [...styles.matchAll(FORMAT)].map(([, format = '']) => unescapeXml(format));
}

export const STYLES_PART = 'xl/styles.xml';

/**
 * The path of a sheet in the package.
 * @param number from 1
 */
export function getSheetPath(number: number): string {
  return `xl/worksheets/sheet${number}.xml`;
}

/**
 * All parts of a workbook (ECMA-376) except its sheets.
 * @param sheets the names of the sheets
 * @param formats number formats of its own
 */
export function createFixedParts(
  sheets: readonly string[],
  formats: readonly string[] = [],
): { name: string; content: string }[] {
  const numbered = sheets.map((_, index) => index + 1);
  return [
    { name: '[Content_Types].xml', content: createContentTypes(numbered) },
    { name: '_rels/.rels', content: createRelations([['officeDocument', 'xl/workbook.xml']]) },
    { name: 'xl/workbook.xml', content: createWorkbookXml(sheets) },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: createRelations([
        ...numbered.map((number) => ['worksheet', `worksheets/sheet${number}.xml`] as const),
        ['styles', 'styles.xml'],
      ]),
    },
    { name: STYLES_PART, content: createStyles(formats) },
  ];
}

function createContentTypes(sheets: readonly number[]): string {
  const parts = [
    ['/xl/workbook.xml', 'sheet.main'],
    ['/xl/styles.xml', 'styles'],
    ...sheets.map((number) => [`/xl/worksheets/sheet${number}.xml`, 'worksheet']),
  ].map(([name, kind]) => `<Override PartName="${name}" ContentType="${SHEETML}.${kind}+xml"/>`);
  const rels = `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`;
  const defaults = `${rels}<Default Extension="xml" ContentType="application/xml"/>`;
  return `${XML_DECLARATION}<Types xmlns="${PACKAGE}/content-types">${defaults}${parts.join('')}</Types>`;
}

function createRelations(targets: readonly (readonly [kind: string, target: string])[]): string {
  const entries = targets.map(
    ([kind, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`,
  );
  return `${XML_DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${entries.join('')}</Relationships>`;
}

function createWorkbookXml(sheets: readonly string[]): string {
  const entries = sheets.map(
    (name, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  return `${XML_DECLARATION}<workbook xmlns="${SPREADSHEET_NAMESPACE}" xmlns:r="${OFFICE}"><sheets>${entries.join('')}</sheets></workbook>`;
}
