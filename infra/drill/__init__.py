"""Plays a day's calls against a running service and measures what people would feel of it: `make drill`.

Callers, seats and officers are simulated, and nothing else is: they ask the service over HTTP, as the pages
do. It is an exercise. It files reports, so never point it at a service that citizens are using.
"""
