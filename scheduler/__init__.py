"""The scheduler: when crawls run, and what became of them. Its long-lived process never loads Scrapy."""
