"""Extracts rows as programs of others do: parsel, pandas, lxml, jsonpath-ng, extruct.

Reads {"kind", "files", ...} from stdin and writes, for each file, its rows to stdout as one line of JSON.
With --versions it writes the versions of these programs.
"""

import io
import json
import re
import sys
from urllib.parse import urljoin


def text_of(element):
    """The text of an element with that of its descendants."""
    return "".join(part for part in element.xpath(".//text()"))


def read_html(task, data):
    from parsel import Selector

    page = Selector(text=data.decode("utf-8"))
    rows = []
    for item in page.css(task["item"]):
        row = {}
        for name, field in task["fields"].items():
            found = item.css(field["css"])[:1]
            if not found:
                row[name] = None
            elif field.get("attribute"):
                value = found[0].attrib.get(field["attribute"])
                row[name] = urljoin(task["url"], value) if field["attribute"] == "href" and value else value
            else:
                row[name] = text_of(found[0].root)
        rows.append(row)
    return rows


def read_tables(task, data):
    """Each table of a class as a list of rows, each of them a list of cells."""
    import pandas
    from lxml import html

    page = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    found = []
    for table in page.xpath(f"""//table[contains(concat(" ", normalize-space(@class), " "), " {task['table']} ")]"""):
        if table.xpath(".//table"):
            continue
        try:
            width = pandas.read_html(io.StringIO(html.tostring(table, encoding="unicode", with_tail=False)))[0].shape[1]
        except ValueError:
            # A table without rows.
            found.append([])
            continue
        # A documented difference: without a heading, the first row is the header.
        if not table.xpath(".//th | .//thead"):
            table.xpath("(.//tr)[1]")[0].drop_tree()
        # A documented difference: a cell that spans the whole table is the title of what follows, and a foot is no row.
        for line in table.xpath(".//tr[count(*) = 1][*/@colspan] | .//tfoot"):
            if line.tag == "tfoot" or int(line[0].get("colspan")) >= width > 1:
                line.drop_tree()
        [frame] = pandas.read_html(
            io.StringIO(html.tostring(table, encoding="unicode", with_tail=False)),
            converters={number: str for number in range(width)},
            keep_default_na=False,
            displayed_only=False,
            thousands=None,
        )
        found.append(
            [["" if cell is None or cell != cell else str(cell) for cell in row] for row in frame.values.tolist()]
        )
    return found


def read_json(task, data):
    return read_values(task, [json.loads(data)])


def read_values(task, values):
    from jsonpath_ng.ext import parse

    def first(path, value):
        found = [match.value for match in path.find(value)]
        return found[0] if found else None

    item = parse(task["item"])
    paths = {name: parse(path) for name, path in task["fields"].items()}
    rows = [row.value for value in values for row in item.find(value)]
    return [{name: first(path, row) for name, path in paths.items()} for row in rows]


def read_embedded(task, data):
    """The values of scripts that are JSON, or that give some to a variable."""
    from parsel import Selector

    decoder = json.JSONDecoder(parse_int=exact)
    values = []
    page = Selector(text=data.decode("utf-8", "replace"))
    query = task["script"]
    refused = None
    for script in page.xpath(query[len("xpath:") :]) if query.startswith("xpath:") else page.css(query):
        text = script.xpath("string()").get()
        try:
            values.append(read_script(decoder, text.strip(), task.get("variable")))
        except ValueError as error:
            # A documented difference: of several scripts, one that cannot be read is left out.
            refused = error
    if not values and refused is not None:
        raise refused
    return read_values(task, values)


def read_script(decoder, text, variable):
    if variable is None:
        return decoder.decode(text)
    start = re.search(re.escape(variable) + r"\s*=\s*(JSON\.parse\(\s*)?", text)
    value = decoder.raw_decode(text, start.end())[0]
    return decoder.decode(value) if start.group(1) else value


def exact(digits):
    """A documented difference: whole numbers that JavaScript's cannot hold stay exact, as texts."""
    return digits if abs(int(digits)) >= 2**53 else int(digits)


def read_xml(task, data):
    from lxml import etree

    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, load_dtd=False))
    rows = []
    for item in root.xpath(task["item"]):
        row = {}
        for name, path in task["fields"].items():
            found = item.xpath(path)[:1]
            value = None if not found else str(found[0]) if isinstance(found[0], str) else text_of(found[0])
            row[name] = urljoin(task["url"], value) if path.endswith("/@href") and value else value
        rows.append(row)
    return rows


def read_entities(task, data):
    import extruct
    from lxml import html
    from w3lib.html import get_base_url

    syntax = task["syntax"]
    text = data.decode("utf-8", "replace")
    page = html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    parts = [text]
    if syntax == "json-ld":
        parts = list_json_ld(page)
    elif syntax == "microdata":
        parts = [in_our_reading(page)]
    found = []
    for part in parts:
        try:
            found += extruct.extract(part, base_url=get_base_url(text, task["url"]), syntaxes=[syntax])[syntax]
        except ValueError:
            # A documented difference: of several blocks, one that cannot be read is left out.
            if syntax != "json-ld":
                raise
    if syntax != "opengraph":
        return found
    # Of several values the first one counts.
    return [dict(reversed(entity["properties"])) for entity in found]


def list_json_ld(page):
    """Each block as a page. A documented difference: CDATA, a semicolon at the end and \\' are read."""
    found = []
    for script in page.xpath("//script[@type]"):
        if script.get("type").strip().lower() == "application/ld+json":
            block = re.sub(r"//\s*(<!\[CDATA\[|\]\]>)", "", script.text or "").strip()
            block = re.sub(r"(\\[^'])|\\'", lambda match: match.group(1) or "'", block.removesuffix(";"))
            found.append(f'<script type="application/ld+json">{block}</script>')
    return found


def in_our_reading(page):
    """A page without what is read in another way, as documented: `content` counts on each element, a link without an
    address is a text, and what only browsers without scripts show is no text."""
    from lxml import html

    for element in page.xpath("//*[@itemprop]"):
        for name in ("src", "href", "data", "value", "datetime"):
            if element.get("content") is not None:
                element.set(name, element.get("content"))
            elif element.get(name) is not None:
                element.set(name, element.get(name).strip())
        if element.tag in ("a", "area") and element.get("href") is None:
            element.tag = "span"
    for element in page.xpath("//noscript[not(.//*[@itemprop])]"):
        element.drop_tree()
    return html.tostring(page, encoding="unicode")


READERS = {
    "html": read_html,
    "tables": read_tables,
    "json": read_json,
    "xml": read_xml,
    "embedded": read_embedded,
    "entities": read_entities,
}


def main():
    if "--versions" in sys.argv:
        from importlib.metadata import version

        names = ["parsel", "pandas", "jsonpath-ng", "lxml", "extruct"]
        print(json.dumps({name: version(name) for name in names}))
        return
    task = json.load(sys.stdin)
    for file in task["files"]:
        with open(file, "rb") as opened:
            data = opened.read()
        try:
            rows = READERS[task["kind"]](task, data)
        except (ValueError, SyntaxError) as error:
            rows = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(rows))


main()
