"""Builds the Chalice app: registers what HTTP and what other events start. No logic."""

import gc

from chalice.app import Chalice

from chalicelib.routes.alert_link import alert_link
from chalicelib.routes.authorizers import authorizers
from chalicelib.routes.calls import calls
from chalicelib.routes.console import console
from chalicelib.routes.console_audit import console_audit
from chalicelib.routes.console_cluster import console_cluster
from chalicelib.routes.console_duty import console_duty
from chalicelib.routes.console_erasing import console_erasing
from chalicelib.routes.console_events import console_events
from chalicelib.routes.console_finding import console_finding
from chalicelib.routes.console_lists import console_lists
from chalicelib.routes.console_standing import console_standing
from chalicelib.routes.console_transfer import console_transfer
from chalicelib.routes.console_watch import console_watch
from chalicelib.routes.console_work import console_work
from chalicelib.routes.errors import chalice_refusals
from chalicelib.routes.evidence import evidence
from chalicelib.routes.fengqiao import fengqiao
from chalicelib.routes.figures import figures
from chalicelib.routes.headers import safe_headers
from chalicelib.routes.officer_link import officer_link
from chalicelib.routes.openapi import openapi
from chalicelib.routes.pages import pages
from chalicelib.routes.photo_text import photo_text
from chalicelib.routes.recording import recordings
from chalicelib.routes.reports import reports
from chalicelib.routes.session import session
from chalicelib.routes.traditional import traditional
from chalicelib.routes.video110 import video110
from chalicelib.triggers.erasing import erasing
from chalicelib.triggers.faults import nameless_faults
from chalicelib.triggers.feed_stream import feed_stream
from chalicelib.triggers.stored_objects import stored_objects
from chalicelib.triggers.table_stream import table_stream
from chalicelib.triggers.timers import timers

app = Chalice(app_name="instant110")
app.api.binary_types.append("video/x-matroska")
app.register_middleware(safe_headers, "http")
app.register_middleware(chalice_refusals, "http")
for event_type in ("dynamodb", "sqs", "scheduled"):
    app.register_middleware(nameless_faults, event_type)

for blueprint in (
    authorizers,
    session,
    video110,
    fengqiao,
    photo_text,
    traditional,
    reports,
    calls,
    recordings,
    evidence,
    console,
    console_finding,
    console_work,
    console_transfer,
    console_lists,
    console_duty,
    console_watch,
    console_events,
    console_audit,
    console_cluster,
    console_standing,
    console_erasing,
    figures,
    officer_link,
    alert_link,
    pages,
    openapi,
    feed_stream,
    table_stream,
    stored_objects,
    timers,
    erasing,
):
    app.register_blueprint(blueprint)

# What is imported by now stays for good, and is looked through for garbage no more.
gc.freeze()
