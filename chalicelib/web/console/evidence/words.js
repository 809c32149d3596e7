/** The words of the evidence at the console. */

export const EVIDENCE_WORDS = {
  "zh-CN": {
    "dock.evidence": "证据", "evidence.read": "打开证据清单", "evidence.read_again": "重新读取", "evidence.on_record": "打开、播放均记入轨迹：何人、何时。",
    "evidence.reading": "正在读取… {count} 条轨迹", "evidence.entries": "{count} 条轨迹，末端摘要", "evidence.digests": "已列入 {days} 的日摘要", "evidence.no_digest": "尚未列入日摘要（次日零点后列入）", "evidence.positions": "位置 {count} 点",
    "evidence.recording": "通话录像", "evidence.recording.none": "没有录像。", "evidence.files": "照片、视频和静止画面", "evidence.files.none": "没有文件。", "evidence.looked": "谁看过", "evidence.looked.none": "还没有人看过。",
    "evidence.gap": "此处缺 {seconds} 秒", "evidence.pieces": "第 {from}–{to} 段 · {length} · {size}", "evidence.original": "原件",
    "evidence.play": "播放", "evidence.pause": "暂停", "evidence.before": "上一段（PageUp）", "evidence.after": "下一段（PageDown）", "evidence.speed": "播放速度", "evidence.player": "录像回放", "evidence.place": "播放位置",
    "evidence.clock": "{time}（北京时间） · 第 {at}/{of} 段", "evidence.loading": "正在取原件…", "evidence.not_playable": "这一段无法播放。原件完好，可导出后用其他播放器查看。",
    "evidence.erased": "已按规定删除", "evidence.pieces_erased": "{count} 段已按规定删除", "looked.files": "看过图片或视频", "looked.recording": "看过录像",
    "kind.evidence.viewed": "打开证据清单", "kind.evidence.exported": "导出证据副本",
    "hold.title": "证据保全", "hold.since": "保全中：{by} 于 {at} 设立", "hold.because": "理由：", "hold.frozen": "标记冻结中：指挥长复核之前不能解除。", "hold.reviewed": "标记已复核，仍在冻结中。",
    "hold.effect": "在此期间，本起警情的任何内容都不会到期删除，也不能依申请删除。", "hold.none": "没有保全：各类内容按保存期限到期删除。", "hold.erased": "个人信息已于 {at} 删除，没有可以保全的内容。",
    "hold.reason": "保全理由（记入处警记录）", "hold.example": "如：县检察院调取，函号 2026-17", "hold.send": "保全", "release-hold.reason": "解除理由（记入处警记录）", "release-hold.example": "如：案件终结，调取单位已书面确认", "release-hold.send": "解除保全",
  },
  en: {
    "dock.evidence": "Evidence", "evidence.read": "Open the evidence manifest", "evidence.read_again": "Read again", "evidence.on_record": "Opening and playing go on record: who and when.",
    "evidence.reading": "Reading… {count} entries", "evidence.entries": "{count} entries, ending in", "evidence.digests": "named by the digest of {days}", "evidence.no_digest": "not yet in a day's digest (written after midnight)", "evidence.positions": "{count} positions",
    "evidence.recording": "Recording of the call", "evidence.recording.none": "No recording.", "evidence.files": "Photos, videos and stills", "evidence.files.none": "No files.", "evidence.looked": "Who looked", "evidence.looked.none": "Nobody yet.",
    "evidence.gap": "{seconds} s are missing here", "evidence.pieces": "pieces {from}–{to} · {length} · {size}", "evidence.original": "Original",
    "evidence.play": "Play", "evidence.pause": "Pause", "evidence.before": "Previous (PageUp)", "evidence.after": "Next (PageDown)", "evidence.speed": "Speed", "evidence.player": "Recording", "evidence.place": "Place",
    "evidence.clock": "{time} (Beijing) · {at} of {of}", "evidence.loading": "Fetching the originals…", "evidence.not_playable": "This stretch cannot be played here. The originals are whole; export them for another player.",
    "evidence.erased": "Erased by rule", "evidence.pieces_erased": "{count} pieces erased by rule", "looked.files": "Saw files", "looked.recording": "Saw the recording",
    "kind.evidence.viewed": "Evidence manifest opened", "kind.evidence.exported": "Copy of the evidence taken",
    "hold.title": "Legal hold", "hold.since": "Held: placed by {by} at {at}", "hold.because": "Reason: ", "hold.frozen": "Frozen by a marking: not to be released before a commander's review.", "hold.reviewed": "The marking was reviewed; still frozen.",
    "hold.effect": "Until it is released nothing of this incident ends or is erased, also on request.", "hold.none": "Not held: each kind of data ends after its time.", "hold.erased": "The citizen was erased at {at}; there is nothing left to hold.",
    "hold.reason": "Why it is held (goes on record)", "hold.example": "e.g. asked for by the procuratorate, letter 2026-17", "hold.send": "Place the hold", "release-hold.reason": "Why it is released (goes on record)", "release-hold.example": "e.g. the case is over, confirmed in writing", "release-hold.send": "Release the hold",
  },
};
