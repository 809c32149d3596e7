"""The bugs that are planted one at a time, and what must catch each.

A bug is a text put in the place of another. `caught_by` are the arguments of a run that must end with 1 on
the copy: of `tests.faults.each` (an operation with its call and fault, or a random day), or of pytest.
"""

from pathlib import Path

import msgspec


class Bug(msgspec.Struct, frozen=True, kw_only=True):
    """One bug: in `file`, `now` stands for what is `right`."""

    name: str
    file: str
    right: str
    wrong: str
    caught_by: tuple[str, ...]

    def plant(self, root: Path) -> None:
        """Put it into a source; raises LookupError where it does not apply exactly once."""
        source = (root / self.file).read_text("utf-8")
        if source.count(self.right) != 1:
            raise LookupError(f"{self.name}: found {source.count(self.right)} times in {self.file}")
        (root / self.file).write_text(source.replace(self.right, self.wrong), "utf-8")


def each(operation: str, fault: str = "", call: str = "") -> tuple[str, ...]:
    """A run of one operation with one fault at the calls of one name; without a fault, clean."""
    spoilt = ("--fault", fault, "--call", call) if fault else ("--sample", "0")
    return ("tests.faults.each", "--only", operation, *spoilt)


def day(steps: int) -> tuple[str, ...]:
    """A random day of so many steps."""
    return ("tests.faults.each", "--operations", "0", "--days", str(steps))


def test(where: str) -> tuple[str, ...]:
    """A run of tests below `tests/`, up to the first that fails."""
    return ("pytest", "-q", "-x", f"tests/{where}")


WORKFLOWS, ADAPTERS, DOMAIN = (f"chalicelib/{layer}" for layer in ("workflows", "adapters", "domain"))

BUGS = [
    Bug(
        name="a report's id is not made from its key",
        file=f"{WORKFLOWS}/file_report.py",
        right='derived_id(citizen_secret(), "report", citizen_id, key) if key',
        wrong="new_id() if key",
        caught_by=each("file photo-text", "lost", "dynamodb:TransactWriteItems"),
    ),
    Bug(
        name="filing overwrites what stands there",
        file=f"{ADAPTERS}/incidents.py",
        right="transaction.save(_item(sealed), condition=IncidentItem.incident_id.does_not_exist())",
        wrong="transaction.save(_item(sealed))",
        caught_by=each("file photo-text", "lost", "dynamodb:TransactWriteItems"),
    ),
    Bug(
        name="a change does not look whether it was overtaken",
        file=f"{ADAPTERS}/incidents.py",
        right=""", actions, condition=IncidentItem.version == before.version)
            transaction.save(entry_item, condition=EntryItem.incident_id.does_not_exist())""",
        wrong=""", actions)
            transaction.save(entry_item)""",
        caught_by=each("classify", "late", "dynamodb:TransactWriteItems"),
    ),
    Bug(
        name="a request's key leaves no marker",
        file=f"{ADAPTERS}/incidents.py",
        right="            if asking.asked is not None:\n                marker",
        wrong="            if False:\n                marker",
        caught_by=each("note", "lost", "dynamodb:TransactWriteItems"),
    ),
    Bug(
        name="a dispatch forgets its request's key",
        file=f"{WORKFLOWS}/send_officer.py",
        right="return _do(incident_id, step, staff=staff, asked=asked, now=now)",
        wrong="return _do(incident_id, step, staff=staff, asked=None, now=now)",
        caught_by=each("dispatch", "lost", "dynamodb:TransactWriteItems"),
    ),
    Bug(
        name="a word after closing opens a new incident each time",
        file=f"{WORKFLOWS}/add_to_report.py",
        right='next_id = derived_id(citizen_secret(), "continues", closed.id)',
        wrong="next_id = new_id()",
        caught_by=each("message after closing", "killed after", "dynamodb:TransactWriteItems"),
    ),
    Bug(
        name="a link is told to one side only",
        file=f"{WORKFLOWS}/work_incident.py",
        right="""    incidents.change(
        to,
        partial(handling.hold_link, other_id=work.incident_id),
        actor=other.staff.actor(),
        at=other.at,
    )
""",
        wrong="    del other\n",
        caught_by=each("link"),
    ),
    Bug(
        name="the chain leaves out the hash before",
        file=f"{ADAPTERS}/incidents.py",
        right="previous=(incident.version, incident.head) if incident.version else None,",
        wrong='previous=(incident.version, "0" * 64) if incident.version else None,',
        caught_by=each("note"),
    ),
    Bug(
        name="who let go still stands in the owners' index",
        file=f"{ADAPTERS}/incidents.py",
        right="IncidentItem.owner_id.set(owner) if owner else IncidentItem.owner_id.remove(),",
        wrong="*([IncidentItem.owner_id.set(owner)] if owner else []),",
        caught_by=each("release"),
    ),
    Bug(
        name="a fault that may pass is passed over by the stream",
        file=f"{ADAPTERS}/stream.py",
        right="            if may_pass(fault) or not _set_aside(record, fault, function):",
        wrong="            if not may_pass(fault) and not _set_aside(record, fault, function):",
        caught_by=each("follow a closing", "refused", "dynamodb:UpdateItem"),
    ),
    Bug(
        name="a fault that may pass sets the record aside",
        file=f"{ADAPTERS}/stream.py",
        right="    return isinstance(fault, PASSING) and code not in OWN_CODES",
        wrong="    return False",
        caught_by=each("follow a live report", "refused", "dynamodb:UpdateItem"),
    ),
    Bug(
        name="a call without an answer counts as the record's own fault",
        file=f"{ADAPTERS}/fault_codes.py",
        right='response = getattr(fault.cause, "response", None) or {}',
        wrong='response = getattr(fault.cause, "response", {})',
        caught_by=each("follow a live report", "lost", "dynamodb:TransactWriteItems"),
    ),
    Bug(
        name="a line that cannot be had costs the report its answer",
        file=f"{WORKFLOWS}/file_report.py",
        right="except (ClientError, BotoCoreError, PynamoDBException) as fault:",
        wrong="except KeyError as fault:",
        caught_by=each("file video110", "refused", "dynamodb:TransactWriteItems"),
    ),
    Bug(
        name="a closing frees no line",
        file="chalicelib/triggers/table_stream.py",
        right="""    if entry.details.get("live"):
        free_line(entry.incident_id, now=now)
""",
        wrong="""    if entry.details.get("live"):
""",
        caught_by=each("close"),
    ),
    Bug(
        name="figures are counted whatever was counted",
        file=f"{ADAPTERS}/figures.py",
        right="        transaction.save(counted, condition=known)",
        wrong="        transaction.save(counted)",
        caught_by=each("follow a live report", "lost", "dynamodb:TransactWriteItems"),
    ),
    Bug(
        name="a text is settled before it is sent",
        file=f"{WORKFLOWS}/alert_commander.py",
        right="""    outcome = _send(incident, alert, now=now)
    step = partial(alerting.settle, ticket=alert.ticket, outcome=outcome, at=now)
    incidents.change(incident.id, step, actor=ALERTER, at=now)
""",
        wrong="""    outcome = Outcome(state=AlertState.ACCEPTED)
    step = partial(alerting.settle, ticket=alert.ticket, outcome=outcome, at=now)
    incidents.change(incident.id, step, actor=ALERTER, at=now)
    _send(incident, alert, now=now)
""",
        caught_by=each("timer of an unanswered call", "killed before", "sns:Publish"),
    ),
    Bug(
        name="a text whose sender was lost is left so",
        file=f"{DOMAIN}/alerting.py",
        right="        again = AGAIN_AFTER * min(unsettled.attempts, 6)\n",
        wrong="        again = AGAIN_AFTER * min(unsettled.attempts, 6)\n"
        "        if unsettled.state is AlertState.SENDING:\n            return None\n",
        caught_by=each("timer of an unanswered call", "killed before", "sns:Publish"),
    ),
    Bug(
        name="an officer's text keeps its claim when SNS is away",
        file=f"{WORKFLOWS}/text_officer.py",
        right="        desk.drop_claim(work)\n",
        wrong="",
        caught_by=each("timer of an officer's text, asked again in ten seconds", "refused", "sns:Publish"),
    ),
    Bug(
        name="the sweep looks at no alerts",
        file="chalicelib/triggers/timers.py",
        right='    "alerts": sweep_alerts,\n',
        wrong="",
        caught_by=each("sweep an unanswered call"),
    ),
    Bug(
        name="nobody is told that no officer was sent",
        file=f"{DOMAIN}/alerting.py",
        right="if incident.status is Status.ANSWERED and incident.owned_since is not None:",
        wrong="if incident.status is Status.TRANSFERRED and incident.owned_since is not None:",
        caught_by=each("timer of an answer without an officer"),
    ),
    Bug(
        name="an unopened link is told of too late",
        file=f"{DOMAIN}/alerting.py",
        right="yield reason, sent.dispatched_at + waits.unopened",
        wrong="yield reason, sent.dispatched_at + 2 * waits.unopened",
        caught_by=each("dispatch"),
    ),
    Bug(
        name="a file is decided about again",
        file=f"{WORKFLOWS}/check_media.py",
        right="if media.state in (MediaState.AWAITING, MediaState.LAPSED):",
        wrong="if media.state in MediaState:",
        caught_by=each("check a picture", "lost", "dynamodb:TransactWriteItems"),
    ),
    Bug(
        name="a line is taken from whoever has it",
        file=f"{ADAPTERS}/lines.py",
        right="(LineItem.leased_to.does_not_exist() & rested) | stale, hers, now)",
        wrong="rested | stale | LineItem.kind.exists(), hers, now)",
        caught_by=day(1500),
    ),
    Bug(
        name="two may answer the same incident",
        file=f"{DOMAIN}/handling.py",
        right='raise AlreadyAnswered("another call-taker holds it", call_taker_id=incident.call_taker_id)',
        wrong="pass",
        caught_by=day(1500),
    ),
    Bug(
        name="the feed forgets its overlap",
        file=f"{ADAPTERS}/feed.py",
        right="    horizon = _stamp(now - timedelta(seconds=settings().feed_overlap_seconds))",
        wrong="    horizon = _stamp(now)",
        caught_by=test("workflows/test_follow_feed.py::test_a_card_stamped_late_is_still_read"),
    ),
    Bug(
        name="an older card replaces a newer one",
        file=f"{ADAPTERS}/feed.py",
        right="    return _updated(card.id, actions, newer)",
        wrong="    return _updated(card.id, actions, newer | FeedItem.version.exists())",
        caught_by=test(
            "triggers/test_feed_stream.py::test_redelivered_and_reordered_records_leave_the_newest_card"
        ),
    ),
    Bug(
        name="a line is released before who left is marked",
        file=f"{WORKFLOWS}/sweep_lines.py",
        right="""    incident_id = lease.incident_id or ""
    try:
""",
        wrong="""    incident_id = lease.incident_id or ""
    lines.release(lease.line_id, incident_id, now=now)
    try:
""",
        caught_by=each("sweep a dead page", "killed after", "dynamodb:UpdateItem"),
    ),
    Bug(
        name="an erasing looks for no hold",
        file=f"{DOMAIN}/erasing.py",
        right="    if incident.hold is not None:\n        return Obstacle.HELD\n",
        wrong="",
        caught_by=each("keeper erases nothing under a hold"),
    ),
    Bug(
        name="what is half erased is no longer found",
        file=f"{WORKFLOWS}/erase_citizen.py",
        right="    copies = tuple(forgetting.copies(incident.id, incident.number))\n",
        wrong="    copies = tuple(forgetting.copies(incident.id, incident.number))\n"
        "    forgetting.leave_index(incident.id)\n",
        caught_by=each("keeper erases a citizen", "killed before", "s3:DeleteObjects"),
    ),
    Bug(
        name="a hold is set on nothing that is stored",
        file=f"{WORKFLOWS}/hold_evidence.py",
        right="        set_here, place = versions.hold(held.incident_id, on=on, after=held.after)\n",
        wrong="        set_here, place = 0, None\n",
        caught_by=each("keeper sets a hold"),
    ),
    Bug(
        name="one that fails keeps the others from their turn",
        file=f"{ADAPTERS}/turns.py",
        right="            if not isinstance(fault, only_logged):\n                faults.append(fault)\n",
        wrong="            raise\n",
        caught_by=test("adapters/test_turns.py"),
    ),
    Bug(
        name="a report is acknowledged before it is written",
        file=f"{WORKFLOWS}/file_report.py",
        right="    return incidents.file(first.incident, first, actor=",
        wrong="""    from threading import Timer

    def write(actor: Actor) -> Incident:
        Timer(0.5, lambda: incidents.file(first.incident, first, actor=actor)).start()
        return first.incident

    return write(""",
        caught_by=test("drill/test_killed_gateway.py"),
    ),
    Bug(
        name="a message is acknowledged before it is written",
        file=f"{WORKFLOWS}/add_to_report.py",
        right="    return _on_the_open_one(citizen_id, incident_id, write, now=now)\n",
        wrong="""    from threading import Timer

    Timer(0.3, lambda: _on_the_open_one(citizen_id, incident_id, write, now=now)).start()
    return incidents.Changed(incident=incidents.get(incident_id), seq=1)
""",
        caught_by=test("drill/test_killed_gateway.py"),
    ),
    Bug(
        name="a claim made again is taken for another's",
        file=f"{ADAPTERS}/desk.py",
        right="        return _has_claim(work, mark)",
        wrong="        return False",
        caught_by=each("timer of a text back", "lost once", "dynamodb:PutItem"),
    ),
    Bug(
        name="a link bound again is taken for another's",
        file=f"{ADAPTERS}/desk.py",
        right="type(link)).device_digest != device_digest:",
        wrong='type(link)).device_digest != "":',
        caught_by=each("open the link", "lost once", "dynamodb:PutItem"),
    ),
    Bug(
        name="a transfer asked again rings again",
        file=f"{DOMAIN}/transferring.py",
        right="and at < before.asked_at + TAKEN_WITHIN:",
        wrong="and False:",
        caught_by=each("transfer", "lost", "dynamodb:TransactWriteItems"),
    ),
    Bug(
        name="the keeper is told of a hold before it is placed",
        file=f"{WORKFLOWS}/hold_evidence.py",
        right="""    step = partial(holding.place, reason=reason, by=staff.username, at=now)
    return incidents.change(
        incident_id, step, actor=staff.actor(), at=now, together=_with_versions(incident_id)
    )
""",
        wrong="""    step = partial(holding.place, reason=reason, by=staff.username, at=now)
    upkeep.ask_hold(incident_id)
    return incidents.change(incident_id, step, actor=staff.actor(), at=now)
""",
        caught_by=each("place a hold", "slow", "dynamodb:PutItem"),
    ),
]
