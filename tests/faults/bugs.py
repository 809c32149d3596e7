"""Bugs planted one at a time into a copy of the source, and what catches each: `python -m tests.faults.bugs`.

A bug is a text put in the place of another. `caught_by` are the arguments of a run that must end with 1 on
the copy: of `tests.faults.each` (an operation with its call and fault), of `tests.faults.days`, or
of pytest. `--only` takes those whose name contains a text.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[2]
WITHIN_SECONDS = 900


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
        caught_by=each("file video110", "refused", "dynamodb:UpdateItem"),
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
        caught_by=each("timer of an officer's text", "refused", "sns:Publish"),
    ),
    Bug(
        name="the sweep looks at no alerts",
        file="chalicelib/triggers/timers.py",
        right='    "alerts": sweep_alerts,\n',
        wrong="",
        caught_by=each("sweep an unanswered call"),
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
        right="    return _update(line.id, actions, (LineItem.leased_to.does_not_exist() & rested) | stale)",
        wrong="    return _update(line.id, actions, rested | stale | LineItem.kind.exists())",
        caught_by=("pytest", "-q", "-x", "tests/adapters/test_lines.py"),
    ),
    Bug(
        name="two may answer the same incident",
        file=f"{DOMAIN}/handling.py",
        right='raise AlreadyAnswered("another call-taker holds it", call_taker_id=incident.call_taker_id)',
        wrong="pass",
        caught_by=("pytest", "-q", "-x", "tests/domain/test_handling.py"),
    ),
    Bug(
        name="the feed forgets its overlap",
        file=f"{ADAPTERS}/feed.py",
        right="    horizon = _stamp(now - timedelta(seconds=settings().feed_overlap_seconds))",
        wrong="    horizon = _stamp(now)",
        caught_by=("pytest", "-q", "-x", "tests/workflows/test_follow_feed.py"),
    ),
    Bug(
        name="an older card replaces a newer one",
        file=f"{ADAPTERS}/feed.py",
        right="    return _updated(card.id, actions, newer)",
        wrong="    return _updated(card.id, actions, newer | FeedItem.version.exists())",
        caught_by=("pytest", "-q", "-x", "tests/triggers/test_feed_stream.py"),
    ),
]


def main() -> int:
    """Plant each, run what should catch it, and say so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--after", type=int, default=0, help="begin behind this number")
    asked, missed = parser.parse_args(), 0
    for number, bug in enumerate(BUGS, 1):
        if asked.only in bug.name and number > asked.after:
            began = time.monotonic()
            said = catch(bug)
            missed += said is None
            how = " ".join(bug.caught_by)
            print(f"{number:2} {bug.name}: {'NOT CAUGHT' if said is None else 'caught'} by {how}", flush=True)
            print(f"     {said} ({time.monotonic() - began:.0f} s)", flush=True)
    return 1 if missed else 0


def catch(bug: Bug) -> str | None:
    """Run on a copy with the bug what must catch it: the finding it made, or None."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        copy_source(root)
        bug.plant(root)
        try:
            run = subprocess.run(
                [sys.executable, "-m", *bug.caught_by],
                cwd=root,
                env={**os.environ, "STEPS": "60", "SEEDS": "3"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=WITHIN_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
    lines = [one for one in run.stdout.splitlines() if one.startswith(("BROKEN", "FAILED", "E  "))]
    if run.returncode == 1 and not lines:
        print("\n".join(run.stderr.splitlines()[-3:]), file=sys.stderr)
    return lines[0][:300] if run.returncode == 1 and lines else None


def copy_source(root: Path) -> None:
    """What a run needs, with the environments linked instead of copied."""
    for name in ("chalicelib", "infra", "tests", "events"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    for name in (".venv", ".venv-aws", "node_modules"):
        if (ROOT / name).exists():
            (root / name).symlink_to((ROOT / name).resolve())


if __name__ == "__main__":
    sys.exit(main())
