#!/usr/bin/env python3
"""核验导出的电子证据 Verify an exported evidence folder, offline, with Python's standard library alone.

    python3 verify_evidence.py FOLDER [--digests FOLDER_OF_TRUSTED_DIGESTS] [--manifest SHA256]

It shares no code with the service, on purpose. Exit code 0: whole; 1: faults, each named; 2: not a folder.
What the folder proves by itself is that its parts belong together. That nobody made them all anew is proved
by what does not travel with it: the daily digests out of the locked bucket, or the manifest's SHA-256 as the
timeline has it (`evidence.exported`).
"""

import argparse
import hashlib
import hmac
import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

JSON = Any
GENESIS = "0" * 64
ALONE = "未与独立保存的日摘要或在案清单比对，只证明各部分互相一致 / only that the parts agree was checked"
MANIFEST, SEAL = "manifest.json", "manifest.sha256"


class Number(str):
    """A number as it was spelled: to spell it anew could change it."""


class Faults(list[tuple[str, str, str]]):
    """What is wrong, in the order it was found."""

    def add(self, where: str, chinese: str, english: str) -> None:
        """Name one fault: where, and what."""
        self.append((where, chinese, english))


def read_json(text: str) -> JSON:
    """JSON with its numbers as spelled; a name that stands twice is refused."""
    return json.loads(
        text, parse_float=Number, parse_int=Number, parse_constant=_refuse, object_pairs_hook=_no_twins
    )


def spell(value: JSON) -> str:
    """The one spelling of a value: names in order, no spaces."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{spell(name)}:{spell(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(spell, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def sha256(content: bytes) -> str:
    """The SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


class Check:
    """One folder being checked: what it says of itself, its entries, and what was found so far."""

    def __init__(self, folder: Path, manifest: JSON, trusted: Path | None, faults: Faults) -> None:
        self.folder, self.manifest, self.trusted, self.faults = folder, manifest, trusted, faults
        self.remarks: list[str] = []
        self.entries: list[JSON] = []

    def run(self, step: Callable[["Check"], None]) -> None:
        """Do one step; what cannot be read is a fault and keeps no other step from its own."""
        try:
            step(self)
        except (LookupError, TypeError, ValueError, AttributeError, OSError, RecursionError) as fault:
            name = step.__name__.strip("_")
            self.faults.add(name, f"无法读取（{type(fault).__name__}）", "cannot be read")


def verify(
    folder: Path, *, digests: Path | None = None, manifest_sha256: str | None = None
) -> tuple[Faults, list[str]]:
    """Everything wrong with a folder, and remarks; a folder without faults is whole."""
    faults = Faults()
    manifest = _manifest(folder, manifest_sha256, faults)
    if manifest is None:
        return faults, []
    check = Check(folder, manifest, digests, faults)
    for step in (_files, _timeline, _personal, _media, _recording, _digests, _trusted):
        check.run(step)
    return faults, check.remarks


def _refuse(name: str) -> JSON:
    raise ValueError(f"{name} is no number")


def _no_twins(pairs: list[tuple[str, JSON]]) -> JSON:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name stands twice")
    return named


def _manifest(folder: Path, expected: str | None, faults: Faults) -> JSON:
    """The manifest, when it is the one its seal names."""
    try:
        content, seal = (folder / MANIFEST).read_bytes(), (folder / SEAL).read_bytes()
    except OSError:
        faults.add(MANIFEST, "清单或其校验值缺失", "the manifest or its seal is missing")
        return None
    if seal != f"{sha256(content)}  {MANIFEST}\n".encode():
        faults.add(MANIFEST, "清单与其校验值不符", "the manifest is not the one that was sealed")
    if expected and sha256(content) != expected:
        faults.add(MANIFEST, "清单不是记录在案的那一份", "not the manifest that is on record")
    try:
        manifest = read_json(content.decode())
        if f"{spell(manifest)}\n".encode() != content:
            faults.add(MANIFEST, "清单书写不规范", "not in its one spelling")
    except (ValueError, RecursionError):
        faults.add(MANIFEST, "清单无法读取", "the manifest cannot be read")
        return None
    return manifest


def _files(check: Check) -> None:
    """Each file is there and as listed, and there is no other."""
    folder, faults = check.folder, check.faults
    listed = {one["path"]: one for one in check.manifest["files"]}
    found = {
        p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir()
    }
    for path in sorted(set(listed) - set(found)):
        faults.add(path, "文件缺失", "missing")
    for path in sorted(set(found) - set(listed) - {MANIFEST, SEAL}):
        faults.add(path, "清单之外的文件", "not on the list")
    for path in sorted(set(found) & set(listed)):
        if found[path].is_symlink():
            faults.add(path, "是链接，不是文件", "a link, not a file")
        elif sha256(found[path].read_bytes()) != listed[path]["sha256"]:
            faults.add(path, "内容已改变", "changed")
        elif str(found[path].stat().st_size) != listed[path]["size_bytes"]:
            faults.add(path, "大小不符", "another size")


def _lines(folder: Path, name: str) -> list[str]:
    text = (folder / name).read_bytes().decode()
    if text and not text.endswith("\n"):
        raise ValueError(f"{name} ends in the middle of a line")
    return text.split("\n")[:-1]


def _timeline(check: Check) -> None:
    """The entries, each in its one spelling, its own hash right and linked to the one before."""
    link = GENESIS
    for number, line in enumerate(_lines(check.folder, "timeline.jsonl"), start=1):
        where, entry = f"timeline.jsonl:{number}", read_json(line)
        rest = {name: value for name, value in entry.items() if name != "hash"}
        if spell(entry) != line:
            check.faults.add(where, "书写不规范", "not in its one spelling")
        if sha256(spell(rest).encode()) != entry["hash"]:
            check.faults.add(where, "记录内容与其校验值不符", "not the entry its hash was made of")
        if entry["previous"] != link:
            check.faults.add(where, "与上一条不相连（缺失、调换或改写）", "does not continue the one before")
        if entry["seq"] != str(number) or entry["incident_id"] != check.manifest["incident"]["id"]:
            check.faults.add(where, "序号或警情不符", "another number or incident")
        link = entry["hash"]
        check.entries.append(entry)
    if (check.manifest["count"], check.manifest["head"]) != (str(len(check.entries)), link):
        check.faults.add(
            "timeline.jsonl", "条数或末条与清单不符（尾部被截？）", "cut, or not the head on the list"
        )


def _personal(check: Check) -> None:
    """Each personal value is the one its entry was made with; of erased or covered ones digests are left."""
    digests = {(e["seq"], name): digest for e in check.entries for name, digest in e["digests"].items()}
    known = set()
    for number, line in enumerate(_lines(check.folder, "personal.jsonl"), start=1):
        one = read_json(line)
        made = hmac.new(bytes.fromhex(one["salt"]), spell(one["value"]).encode(), hashlib.sha256).hexdigest()
        whose = one["seq"], one["name"]
        if spell(one) != line or made != digests.get(whose) or whose in known:
            where = f"personal.jsonl:{number}"
            check.faults.add(where, "个人信息与时间线的摘要不符", "not the value the entry was made with")
        known.add(whose)
    if gone := len(digests) - len(known):
        check.remarks.append(
            f"{gone} 项个人信息未随附（已删除或遮蔽），只存摘要 / {gone} personal values not given"
        )


def _media(check: Check) -> None:
    """Each file that the timeline took is on the list under its hash, and no other."""
    taken = {d["media_id"]: d["sha256"] for d in _details(check, "media.accepted")}
    given = {one["media_id"]: one for one in check.manifest["media"]}
    _agree(check, "media", taken, given)


def _recording(check: Check) -> None:
    """Each fragment of the timeline is there; numbers that never came are remarked."""
    kept = {d["seq"]: d["sha256"] for d in _details(check, "recording.kept")}
    given = {one["seq"]: one for one in check.manifest["recording"]}
    _agree(check, "recording", kept, given)
    numbers = set(map(int, kept))
    if absent := sorted(set(range(1, max(numbers, default=0) + 1)) - numbers):
        check.remarks.append(f"录像缺号 {absent} / fragments that never came")


def _details(check: Check, kind: str) -> list[JSON]:
    return [entry["details"] for entry in check.entries if entry["kind"] == kind]


def _agree(check: Check, folder: str, recorded: dict[str, str], given: dict[str, JSON]) -> None:
    """The timeline, the list and the files name the same things under the same hashes."""
    paths = {one["path"]: one["sha256"] for one in check.manifest["files"]}
    for name in sorted(set(recorded) | set(given)):
        one = given.get(name)
        if one is None or recorded.get(name) != one["sha256"]:
            check.faults.add(f"{folder}/{name}", "时间线与清单不符", "timeline and list do not agree")
        elif one["path"] is None:
            check.remarks.append(f"{folder}/{name} 已按规定删除 / erased")
        elif paths.get(one["path"]) != one["sha256"]:
            check.faults.add(one["path"], "不是时间线所记的文件", "not the file that the timeline took")


def _digests(check: Check) -> None:
    """Each daily digest names an entry of this timeline, and those of neighbouring days are linked."""
    covered, day_before, link = 0, None, ""
    for one in check.manifest["digests"]:
        day, path = one["day"], f"digests/{one['day']}.json"
        content = (check.folder / path).read_bytes()
        digest = read_json(content.decode())
        if spell(digest).encode() != content or sha256(content) != one["sha256"] or digest["day"] != day:
            check.faults.add(path, "日摘要已改变", "the digest was changed")
        if day_before == date.fromisoformat(day) - timedelta(days=1) and digest["previous"] != link:
            check.faults.add(path, "与前一日摘要不相连", "does not continue the digest of the day before")
        count = _named(check, path, digest)
        if count is None:
            check.faults.add(path, "日摘要中没有本警情", "the digest does not name this incident")
        covered = max(covered, count or 0)
        day_before, link = date.fromisoformat(day), sha256(content)
    if covered < len(check.entries):
        check.remarks.append(
            f"第 {covered + 1} 条起尚无日摘要覆盖 / entries from {covered + 1} on are in no digest yet"
        )


def _trusted(check: Check) -> None:
    """The digests kept apart are one chain, hold those of the folder, and name no other timeline."""
    if check.trusted is None:
        return
    link, held = None, {}
    for file in sorted(check.trusted.glob("*.json")):
        content = file.read_bytes()
        digest = read_json(content.decode())
        if link is not None and digest["previous"] != link:
            check.faults.add(file.name, "独立保存的日摘要不相连", "the digests kept apart are no chain")
        link = held[digest["day"]] = sha256(content)
        if digest["day"] < check.manifest["day"]:
            _named(check, file.name, digest)
    for one in check.manifest["digests"]:
        if held.get(one["day"]) != one["sha256"]:
            check.faults.add(f"digests/{one['day']}.json", "与独立保存的不符", "not the digest kept apart")


def _named(check: Check, path: str, digest: JSON) -> int | None:
    """How many entries a digest says this incident has, None without it; the last must be the one here."""
    for incident_id, count, head in digest["heads"]:
        if incident_id == check.manifest["incident"]["id"]:
            found = check.entries[int(count) - 1] if 0 < int(count) <= len(check.entries) else {}
            if found.get("hash") != head:
                check.faults.add(path, "时间线不是它所记的（被截或改写）", "not the timeline that it names")
            return int(count)
    return None


def main(arguments: list[str] | None = None) -> int:
    """Say what is wrong; 0 when nothing is."""
    parser = argparse.ArgumentParser(description="核验导出的电子证据 / verify exported evidence")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--digests", type=Path, help="独立保存的日摘要 / daily digests kept apart")
    parser.add_argument("--manifest", help="记录在案的清单 SHA-256 / the manifest's SHA-256 on record")
    asked = parser.parse_args(arguments)
    if not asked.folder.is_dir():
        print(f"不是文件夹 / not a folder: {asked.folder}")
        return 2
    faults, remarks = verify(asked.folder, digests=asked.digests, manifest_sha256=asked.manifest)
    for where, chinese, english in faults:
        print(f"[有误] {where}：{chinese} / {english}")
    for remark in remarks:
        print(f"[说明] {remark}")
    if not (asked.digests or asked.manifest):
        print(f"[说明] {ALONE}")
    print(
        f"结论：发现 {len(faults)} 处问题 / {len(faults)} faults"
        if faults
        else "结论：完整，未见改动 / whole"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
