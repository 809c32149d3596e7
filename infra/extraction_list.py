"""The 提取清单 of exported evidence: one HTML page to print and sign. Times are Beijing's."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Any

import msgspec

from chalicelib.domain.asked import BEIJING

JSON = dict[str, Any]

MODES = {
    "video110": "视频110",
    "fengqiao": "枫桥在线",
    "photo_text": "图文报警",
    "silent": "静音报警",
    "voice": "语音报警",
}
KINDS = {"photo": "照片", "video": "视频", "still": "通话静帧", "snapshot": "通话截图"}
LOOKED = {"evidence.viewed": "查看", "evidence.exported": "导出副本"}
SEEN = {"files": "查看图片或视频", "recording": "查看录像"}
ROLES = {
    "call_taker": "接警员",
    "commander": "指挥长",
    "specialist": "业务民警",
    "officer": "处警民警",
    "admin": "管理员",
}
AS_IT_CAME = "原样保存，未转码"
MADE_BY_CONSOLE = "由接警席位浏览器录制时编码（非手机原始码流），逐段原样保存，此后未转码"
COMPUTED = {"still": "由报警人手机页面截取并压缩，原样保存", "snapshot": "由接警席位页面截取，原样保存"}

STYLE = """
@page { size: A4; margin: 18mm 14mm }
body {
  font: 14px/1.6 "Noto Serif CJK SC", "Songti SC", SimSun, serif;
  color: #000; margin: 0 auto; max-width: 190mm;
}
h1 { font-size: 22px; text-align: center; letter-spacing: .2em }
h2 { font-size: 16px; margin: 1.4em 0 .4em }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #000; padding: 3px 6px; text-align: left; vertical-align: top }
td { overflow-wrap: anywhere }
th { font-weight: 600; white-space: nowrap }
thead { display: table-header-group }
tr { break-inside: avoid }
code { font: 11px/1.4 monospace; word-break: break-all }
.signed { display: grid; grid-template-columns: 1fr 1fr; gap: 2.2em 2em; margin-top: 2.5em }
.signed p { margin: 0 }
"""


def write_list(manifest: JSON, entries: Sequence[JSON], looks: Sequence[JSON]) -> str:
    """The page. `manifest` is what the copy says of itself, before its own hash; `entries` its timeline,
    `looks` who saw files or recording."""
    incident = manifest["incident"]
    parts = [
        "<h1>电子数据提取清单</h1>",
        _facts(manifest, incident),
        "<h2>一、图片与视频</h2>",
        _table(("序号", "文件", "类别", "大小（字节）", "上传时间", "SHA-256", "处理情况"), _media(manifest)),
        "<h2>二、通话录像</h2>",
        f"<p>{_recording_told(manifest)}</p>",
        _table(("段号", "起始时间", "时长（秒）", "大小（字节）", "SHA-256"), _fragments(manifest)),
        "<h2>三、其他文件</h2>",
        _table(("文件", "内容"), OTHERS),
        "<h2>四、查看与导出记录</h2>",
        _table(("时间", "人员", "身份", "行为"), _looked(entries, looks)),
        _signatures(),
    ]
    title = f"电子数据提取清单 {escape(incident['number'])}"
    begin = f'<!doctype html>\n<html lang="zh-CN">\n<meta charset="utf-8">\n<title>{title}</title>\n'
    return f"{begin}<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</html>\n"


OTHERS = [
    ("timeline.jsonl", "处警记录：逐条相连的校验链，改动、缺失、调换、截断均可发现"),
    ("personal.jsonl", "处警记录中的个人信息及其盐值；已依法删除的不在其中，校验链不受影响"),
    ("positions.jsonl", "报警人位置轨迹（WGS-84）；不在校验链内，以本清单固定"),
    (
        "looks.jsonl",
        "在接警席位或凭链接查看图片、视频、录像的人员，每人每小时记一次；不在校验链内，以本清单固定",
    ),
    ("digests/", "载有本警情的日摘要，须与独立保存的日摘要比对"),
    ("verify_evidence.py", "核验程序：python3 verify_evidence.py 文件夹 --digests 独立保存的日摘要"),
]


def _facts(manifest: JSON, incident: JSON) -> str:
    """What the copy is, of what, when and by whom."""
    rows = [
        ("警情编号", incident["number"]),
        ("报警方式", MODES.get(incident["mode"], incident["mode"])),
        ("报警时间（北京时间）", beijing(incident["created_at"])),
        ("提取时间（北京时间）", beijing(manifest["exported_at"])),
        ("提取人（账号）", manifest["exported_by"]),
        ("提取方式", "经 instant110 服务接口在线提取，逐个核对 SHA-256"),
        ("处警记录", f"共 {manifest['count']} 条，末条校验值 {manifest['head']}"),
        ("清单校验值", "见随附 manifest.sha256；导出后已记入处警记录，可据此比对"),
    ]
    return "<table>" + "".join(f"<tr><th>{escape(n)}<td>{escape(v)}" for n, v in rows) + "</table>"


def _media(manifest: JSON) -> Iterable[tuple[object, ...]]:
    for number, one in enumerate(manifest["media"], start=1):
        path, kind = one["path"] or "（已依法删除）", one["kind"]
        how = COMPUTED.get(kind, AS_IT_CAME)
        at = beijing(one["asked_at"])
        yield number, path, KINDS.get(kind, kind), one["size_bytes"], at, one["sha256"], how


def _recording_told(manifest: JSON) -> str:
    """How the recording was made, and what of it never came."""
    if not manifest["recording"]:
        return "无。"
    kept = {one["seq"] for one in manifest["recording"]}
    absent = sorted(set(range(1, max(kept) + 1)) - kept)
    told = f"共 {len(kept)} 段。{MADE_BY_CONSOLE}。"
    return told + (f"缺号：{'、'.join(map(str, absent))}，未送达。" if absent else "段号连续。")


def _fragments(manifest: JSON) -> Iterable[tuple[object, ...]]:
    for one in manifest["recording"]:
        seconds = f"{one['duration_ms'] / 1000:.1f}"
        yield one["seq"], beijing(one["started_at"]), seconds, one["size_bytes"], one["sha256"]


def _looked(entries: Sequence[JSON], looks: Sequence[JSON]) -> Iterable[tuple[object, ...]]:
    """By time: who opened the evidence and took copies, and who saw what at the console."""
    told = [(one["at"], one["actor"], LOOKED[one["kind"]]) for one in entries if one["kind"] in LOOKED]
    seen = [(one["at"], one["actor"], SEEN.get(one["looked"], one["looked"])) for one in looks]
    for at, actor, what in sorted([*told, *seen], key=lambda one: msgspec.convert(one[0], datetime)):
        yield beijing(at), actor["id"], ROLES.get(actor["role"], actor["role"]), what


def _table(names: Sequence[str], rows: Iterable[tuple[object, ...]]) -> str:
    """A table whose head stands on each printed page again; hashes are set small."""
    head = "".join(f"<th>{escape(name)}" for name in names)
    body = "".join("<tr>" + "".join(map(_cell, row)) for row in rows)
    return f"<table><thead><tr>{head}</thead>{body or f'<tr><td colspan={len(names)}>无'}</table>"


def _cell(value: object) -> str:
    text = escape(str(value))
    return f"<td><code>{text}</code>" if len(text) == 64 else f"<td>{text}"


def _signatures() -> str:
    lines = (
        "提取人（签名）：",
        "提取人（签名）：",
        "见证人（签名）：",
        "持有人 / 提供人（签名）：",
        "日期：",
        "清单校验值（手填后八位）：",
    )
    return '<div class="signed">' + "".join(f"<p>{line}" for line in lines) + "</div>"


def beijing(at: str | datetime) -> str:
    """A moment as the bureau writes it, to the second."""
    moment = msgspec.convert(at, datetime)
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
