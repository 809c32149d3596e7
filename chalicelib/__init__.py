"""instant110: the backend of a police bureau's WeChat emergency-reporting service."""

import gc

# Python looks for garbage after every 700 new objects that stay: some hundred times while the app is
# imported, and again in each request, where reference counts have freed nearly all of it already. The whole
# import makes some 70,000, which app.py then leaves out of every search. A function answers one request at a
# time, so what waits for the collector instead stays below some twenty megabytes.
gc.set_threshold(100_000)
