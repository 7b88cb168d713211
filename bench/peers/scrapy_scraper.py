"""The same with Scrapy, one request at a time. Usage: books|manual URL FILE; what it took goes to USAGE_FILE."""

import json
import os
import re
import resource
import sys

import scrapy
from scrapy.crawler import CrawlerProcess

collection, start, file = sys.argv[1:]


def tidy(parts):
    return re.sub(r"\s+", " ", "".join(parts)).strip() or None


class Books(scrapy.Spider):
    name = "books"
    start_urls = [start]

    def parse(self, response):
        for pod in response.css("article.product_pod"):
            link = response.urljoin(pod.css("h3 a::attr(href)").get())
            row = {
                "title": pod.css("h3 a::attr(title)").get(),
                "price": tidy(pod.css(".product_price .price_color ::text").getall()),
                "rating": pod.css("p.star-rating::attr(class)").get(),
                "availability": tidy(pod.css(".availability ::text").getall()),
                "link": link,
            }
            yield scrapy.Request(link, self.parse_book, cb_kwargs={"row": row})
        following = response.css("ul.pager li.next a::attr(href)").get()
        if following is not None:
            yield response.follow(following, self.parse)

    def parse_book(self, response, row):
        row["upc"] = tidy(response.css("table tr:nth-child(1) td ::text").getall())
        row["author"] = tidy(response.css("p.author ::text").getall())
        row["category"] = tidy(response.css("table tr:nth-child(9) td ::text").getall())
        row["description"] = tidy(response.css("#product_description + p ::text").getall())
        yield row


class Manual(scrapy.Spider):
    name = "manual"
    start_urls = [start]

    def parse(self, response):
        following = response.css("a[accesskey=n]::attr(href)").get()
        following = None if following is None else response.urljoin(following)
        yield {
            "title": tidy(response.css("title")[:1].css("::text").getall()),
            "heading": tidy(response.css("h1, h2")[:1].css("::text").getall()),
            "paragraph": tidy(response.css("p")[:1].css("::text").getall()),
            "next": following,
        }
        if following is not None:
            yield scrapy.Request(following, self.parse)


process = CrawlerProcess(
    {
        "FEEDS": {file: {"format": "jsonlines", "overwrite": True}},
        "FEED_EXPORT_ENCODING": "utf-8",
        "CONCURRENT_REQUESTS": 1,
        "DOWNLOAD_DELAY": 0,
        "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "RETRY_ENABLED": False,
    }
)
process.crawl({"books": Books, "manual": Manual}[collection])
process.start()
used = resource.getrusage(resource.RUSAGE_SELF)
with open("/proc/self/status", encoding="utf-8") as status:
    peak_kb = int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1))
with open(os.environ["USAGE_FILE"], "w", encoding="utf-8") as usage:
    json.dump({"cpu": used.ru_utime + used.ru_stime, "mb": peak_kb / 1000}, usage)
