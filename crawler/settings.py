"""Scrapy's settings: the same for `nianbao crawl` and `scrapy crawl`. What operators may set is in `archive.config`."""

import os
from pathlib import Path

from archive.config import load_config
from crawler import user_agent

CONFIG = load_config(os.environ, Path.cwd())

BOT_NAME = "nianbao"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
TELNETCONSOLE_ENABLED = False
LOG_LEVEL = "WARNING"

USER_AGENT = user_agent(CONFIG.contact)
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Nianbao"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    # Said here and not left to what happens to be installed: what is asked for decides what is kept.
    "Accept-Encoding": "gzip, deflate",
}

DOWNLOAD_HANDLERS = {
    "http": "crawler.fetching.wire.WireHandler",
    "https": "crawler.fetching.wire.WireHandler",
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.fetching.politeness.ScopeMiddleware": 90,
    "crawler.fetching.politeness.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.fetching.politeness.RetryTruncated": 550,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    # Before an answer is retried, and after its coding is undone and its redirect followed.
    "crawler.fetching.cooling.CoolingMiddleware": 570,
    "crawler.fetching.coding.ContentCoding": 590,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "crawler.fetching.cookies.Cookies": 700,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.fetching.schemes.SchemeMiddleware": 940,
    "crawler.fetching.politeness.BudgetMiddleware": 945,
    "crawler.fetching.archiving.ArchivingMiddleware": 950,
}
EXTENSIONS = {"crawler.fetching.halt.Halt": 0, "crawler.fetching.rendering.Rendering": 0}
SCHEDULER_PRIORITY_QUEUE = "crawler.fetching.queue.HostQueue"
PLAYWRIGHT_MAX_CONTEXTS = 4  # pages at a time
TWISTED_DNS_RESOLVER = "crawler.fetching.address_guard.GuardedResolver"
NIANBAO_ALLOW_PRIVATE_HOSTS = CONFIG.allow_private_hosts
NIANBAO_SPOOL = str(CONFIG.home / "spool")
NIANBAO_BODY_IN_MEMORY = 16 << 20

CONCURRENT_REQUESTS = 64
CONCURRENT_ITEMS = 1  # we make no items, and Scrapy starts so many tasks for each response
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 1.0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 1 << 30
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 10
RETRY_TIMES = 2
HTTPERROR_ALLOW_ALL = True  # each answer comes with a verdict, in its request's meta
NIANBAO_COOL_SECONDS = 90.0
