"""The verifier finds every change of an exported folder, and nothing in a clean one."""

import hashlib
import hmac
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.canonical import canonical
from chalicelib.domain.timeline import PersonalValue, digest_of
from infra.verify_evidence import MANIFEST, SEAL, read_json, spell, verify
from tests.evidence.conftest import FRAGMENTS, Material
from tests.machine import ROOT

BITS = int(os.environ.get("INSTANT110_BITS", "200"))

plain_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The verifier as an expert runs it: alone, without the project beside it."""
    script = ROOT / "infra" / "verify_evidence.py"
    command = [sys.executable, "-I", str(script), str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)


def test_a_clean_copy_is_whole(material: Material) -> None:
    ran = run(
        material.folder, "--digests", str(material.trusted), "--manifest", material.exported.manifest_sha256
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert ran.stdout.splitlines()[-1].startswith("结论：完整")
    names = {path.name for path in material.folder.rglob("*")}
    assert {"提取清单.html", "verify_evidence.py", "timeline.jsonl", f"{FRAGMENTS:06d}.mkv"} <= names
    assert len(list((material.folder / "media").iterdir())) == 3
    assert len(list((material.folder / "digests").iterdir())) >= 2


def test_every_single_bit_of_every_file_counts(material: Material, copy: Path) -> None:
    files = sorted(path for path in copy.rglob("*") if path.is_file())
    seed = random.SystemRandom().randrange(10**9)
    chance, unseen = random.Random(seed), []
    # Each file several times, however small it is beside the others.
    for turn in range(BITS):
        file = files[turn % len(files)]
        content = file.read_bytes()
        bit = chance.randrange(len(content) * 8)
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        file.write_bytes(changed)
        faults, _ = verify(copy)
        if not faults:
            unseen.append((file.name, bit))
        file.write_bytes(content)
    print(f"{BITS} single bits in {len(files)} files, seed {seed}: {len(unseen)} unseen")
    assert unseen == []
    assert verify(copy)[0] == []


def test_every_file_that_is_missing_cut_swapped_or_added_is_named(copy: Path) -> None:
    files = sorted(path for path in copy.rglob("*") if path.is_file())
    for file, other in zip(files, files[1:] + files[:1], strict=True):
        content, others = file.read_bytes(), other.read_bytes()
        for changed in (None, content[:-1], content[: len(content) // 2], b"", content + b"\n", others):
            file.unlink() if changed is None else file.write_bytes(changed)
            assert verify(copy)[0], (file.name, changed and len(changed))
            file.write_bytes(content)
    (copy / "media" / "added.jpg").write_bytes(b"x")
    assert [where for where, _, _ in verify(copy)[0]] == ["media/added.jpg"]


def reseal(copy: Path) -> None:
    """What a forger does who knows how a folder is made: list the files anew and seal the list."""
    manifest = json.loads((copy / MANIFEST).read_text("utf-8"))
    for one in manifest["files"]:
        content = (copy / one["path"]).read_bytes()
        one.update(size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    content = canonical(manifest) + b"\n"
    (copy / MANIFEST).write_bytes(content)
    (copy / SEAL).write_text(f"{hashlib.sha256(content).hexdigest()}  {MANIFEST}\n")


def rewrite(copy: Path, change: Callable[[list[dict[str, Any]]], None], *, rechain: bool) -> None:
    """Change the timeline, make its hashes anew if asked, and seal the folder again."""
    file = copy / "timeline.jsonl"
    entries = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    change(entries)
    link = "0" * 64
    for seq, entry in enumerate(entries, start=1):
        if rechain:
            rest = {**{n: v for n, v in entry.items() if n != "hash"}, "previous": link, "seq": seq}
            entry.update(rest, hash=hashlib.sha256(canonical(rest)).hexdigest())
        link = entry["hash"]
    file.write_bytes(b"".join(canonical(entry) + b"\n" for entry in entries))
    manifest = json.loads((copy / MANIFEST).read_text("utf-8"))
    (copy / MANIFEST).write_bytes(canonical({**manifest, "count": len(entries), "head": link}) + b"\n")
    reseal(copy)


def told_otherwise(entries: list[dict[str, Any]]) -> None:
    entries[1]["actor"]["id"] = "someone-else"


def dropped(entries: list[dict[str, Any]]) -> None:
    del entries[2]


def swapped(entries: list[dict[str, Any]]) -> None:
    entries[1], entries[2] = entries[2], entries[1]


def cut(entries: list[dict[str, Any]]) -> None:
    del entries[-3:]


FORGERIES = pytest.mark.parametrize("change", [told_otherwise, dropped, swapped, cut])


@pytest.mark.parametrize("change", [told_otherwise, dropped, swapped])
def test_a_timeline_changed_and_sealed_again_breaks_its_chain(
    copy: Path, change: Callable[[list[dict[str, Any]]], None]
) -> None:
    rewrite(copy, change, rechain=False)
    assert any(where.startswith("timeline.jsonl:") for where, _, _ in verify(copy)[0])


@FORGERIES
def test_a_timeline_written_anew_whole_is_not_the_one_the_digest_names(
    copy: Path, change: Callable[[list[dict[str, Any]]], None]
) -> None:
    rewrite(copy, change, rechain=True)
    assert any(where.startswith("digests/") for where, _, _ in verify(copy)[0])


@FORGERIES
def test_one_who_forges_the_digests_too_is_found_by_those_kept_apart(
    material: Material, copy: Path, change: Callable[[list[dict[str, Any]]], None]
) -> None:
    rewrite(copy, change, rechain=True)
    manifest = json.loads((copy / MANIFEST).read_text("utf-8"))
    for one in manifest["digests"]:
        (copy / "digests" / f"{one['day']}.json").unlink()
    manifest["files"] = [one for one in manifest["files"] if not one["path"].startswith("digests/")]
    (copy / MANIFEST).write_bytes(canonical({**manifest, "digests": []}) + b"\n")
    reseal(copy)
    assert run(copy, "--digests", str(material.trusted)).returncode == 1
    assert run(copy, "--manifest", material.exported.manifest_sha256).returncode == 1


def test_a_file_exchanged_for_another_is_found_by_the_timeline_however_it_is_sealed(copy: Path) -> None:
    one, other, *_ = sorted((copy / "recording").iterdir())
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    reseal(copy)
    assert {where for where, _, _ in verify(copy)[0]} == {"recording/000001.mkv", "recording/000002.mkv"}


def test_a_personal_value_made_up_is_found_and_an_erased_one_is_only_remarked(copy: Path) -> None:
    file = copy / "personal.jsonl"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[1:]), "utf-8")
    reseal(copy)
    faults, remarks = verify(copy)
    assert (faults, "1 项个人信息未随附" in "".join(remarks)) == ([], True)
    file.write_text(lines[0].replace('"value":', '"value":[').replace("}\n", "]}\n"), "utf-8")
    reseal(copy)
    assert [where for where, _, _ in verify(copy)[0]] == ["personal.jsonl:1"]


def test_what_is_no_folder_is_said_so(tmp_path: Path) -> None:
    assert run(tmp_path / "nothing").returncode == 2
    assert run(tmp_path).returncode == 1


@settings(max_examples=60, deadline=None)
@given(plain_json)
def test_both_spell_every_value_alike(value: Any) -> None:
    text = canonical(value).decode()
    assert spell(read_json(text)) == text


@settings(max_examples=60, deadline=None)
@given(plain_json)
def test_both_make_the_same_digest_of_a_personal_value(value: Any) -> None:
    salt = "0123456789abcdef" * 2
    text = spell(read_json(canonical(value).decode()))
    made = hmac.new(bytes.fromhex(salt), text.encode(), hashlib.sha256).hexdigest()
    assert made == digest_of(PersonalValue(value=value, salt=salt))
