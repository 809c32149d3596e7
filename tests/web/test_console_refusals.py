"""What the console says of work that failed: a sentence for whatever kept it from being done."""

import json
import subprocess

from tests.machine import ROOT

SAID = """
import { StoreRefused, UploadInterrupted } from "./shared/upload.js";
import { addWords } from "./shared/words.js";
import { refusalWords } from "./console/refusals.js";
import { CONSOLE_WORDS } from "./console/words.js";
addWords(CONSOLE_WORDS);
globalThis.reportError = (fault) => console.error(fault.message);
const faults = [new UploadInterrupted("error"), new StoreRefused(403, "AccessDenied"), new Error("our own")];
console.log(JSON.stringify(faults.map(refusalWords)));
"""


def test_a_file_that_did_not_reach_the_store_is_said_as_any_other_refusal() -> None:
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", SAID],
        cwd=f"{ROOT}/chalicelib/web",
        capture_output=True,
        text=True,
        check=True,
    )
    interrupted, refused, unforeseen = json.loads(ran.stdout)
    assert interrupted.startswith("网络不通，没有送达。")
    assert refused == "没有存下：存储没有接收这个文件（AccessDenied，403），请再试。"
    assert unforeseen == "出了点问题，请再试一次"
    assert "our own" in ran.stderr
