"""Builds the Chalice app: registers what HTTP and what other events start. No logic."""

from chalice.app import Chalice

from chalicelib.routes.authorizers import authorizers
from chalicelib.routes.console import console
from chalicelib.routes.console_lists import console_lists
from chalicelib.routes.console_work import console_work
from chalicelib.routes.officer_link import officer_link
from chalicelib.routes.openapi import openapi
from chalicelib.routes.pages import pages
from chalicelib.routes.photo_text import photo_text
from chalicelib.routes.reports import reports
from chalicelib.routes.session import session
from chalicelib.triggers.stored_objects import stored_objects
from chalicelib.triggers.table_stream import table_stream
from chalicelib.triggers.timers import timers

app = Chalice(app_name="instant110")

for blueprint in (
    authorizers,
    session,
    photo_text,
    reports,
    console,
    console_work,
    console_lists,
    officer_link,
    pages,
    openapi,
    table_stream,
    stored_objects,
    timers,
):
    app.register_blueprint(blueprint)
