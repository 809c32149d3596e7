"""instant110: the backend of a police bureau's WeChat emergency-reporting service."""

import gc

# Python looks for garbage after every 700 new objects that stay: some hundred times while the app is
# imported, and again in each request, where reference counts have freed nearly all of it already. A function
# answers one request at a time, so what waits for the collector instead stays below some ten megabytes.
# What was imported before, Chalice and botocore, stays for good and is not looked through again either.
gc.freeze()
gc.set_threshold(50_000)
