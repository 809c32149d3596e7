"""The console's record of an incident, read from a service that answers with so many entries at a time."""

import json
import subprocess
from typing import Any

from tests.machine import ROOT

READ = """
import { incidentRecord } from "./chalicelib/web/console/record.js";
const [versions, atOnce, unreadable] = JSON.parse(process.argv[1]);
const asked = [];
let version = 0;

async function get(path, { after }) {
  asked.push(after);
  const seqs = Array.from({ length: version }, (_, n) => n + 1);
  const shown = seqs.filter((seq) => seq > after && !unreadable.includes(seq)).slice(0, atOnce);
  return { incident: { id: "a", version }, count: version, timeline: shown.map((seq) => ({ seq })) };
}

const faults = [];
const board = { take() {} };
const told = { onChange() {}, onFault: (fault) => faults.push(fault) };
const record = incidentRecord({ api: { get }, board, id: "a", ...told });
for (version of versions) await record.refresh();
if (faults.length > 0) throw faults[0];
console.log(JSON.stringify({ asked, seqs: record.data.timeline.map(({ seq }) => seq) }));
"""


def read(*versions: int, at_once: int = 100, unreadable: tuple[int, ...] = ()) -> Any:
    """What was asked after which entry, and what the record has, as the incident comes to these versions."""
    told = json.dumps([versions, at_once, unreadable])
    command = ["node", "--input-type=module", "-e", READ, told]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(ran.stdout)


def test_a_look_asks_for_what_is_new_alone() -> None:
    assert read(3, 5) == {"asked": [0, 3], "seqs": [1, 2, 3, 4, 5]}


def test_a_long_record_is_read_to_its_end() -> None:
    assert read(7, 8, at_once=3) == {"asked": [0, 3, 6, 7], "seqs": [1, 2, 3, 4, 5, 6, 7, 8]}


def test_an_entry_that_cannot_be_read_keeps_no_look_from_its_end() -> None:
    assert read(4, unreadable=(4,)) == {"asked": [0, 3], "seqs": [1, 2, 3]}
    assert read(4, 5, unreadable=(2,))["seqs"] == [1, 3, 4, 5]
