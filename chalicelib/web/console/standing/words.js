/** The words of standing at the console: marks, reviews, decisions. Staff's own; no citizen reads them. */

export const STANDING_WORDS = {
  "zh-CN": {
    "dock.marking": "误报", "marking.kind": "标记为", "marking.false_report": "虚假报警", "marking.harassment": "骚扰报警", "marking.reason": "理由（写明事实，供指挥长复核）", "marking.example": "如：民警到场核实无此事，回拨称“试一试”",
    "marking.send": "标记并冻结证据", "marking.note": "标记后，轨迹、照片、录像和处警记录将被冻结保存，并提交指挥长复核。群众仍可继续报警。", "marking.now": "{by} 已标记：{kind}。理由：{reason}", "marking.waits": "等待指挥长复核", "marking.standing": "{by} 已复核并作出限制", "marking.dismissed": "{by} 已复核：不成立",
    "live.withheld": "该群众使用受限，视频未开通。可先看静止画面和文字。", "live.withheld.first": "接警后可以开通视频。", "live.grant": "准许视频", "call.state.withheld": "视频未开通", "call.say.withheld": "视频未开通。静止画面来了会显示在这里，可先用文字沟通。", "queue.behind": "受限 · 稍后",
    "caller.limit": "{grade} · {reason} · 至 {until}", "caller.limit_endless": "{grade}",
    "reviews.open": "复核", "reviews.title": "虚假、骚扰报警复核", "reviews.none": "没有等待复核的警情。", "reviews.marked": "{by} 标记为{kind}", "reviews.reason": "标记理由", "reviews.history": "此前的限制", "reviews.no_history": "此前没有限制", "reviews.look": "查看警情",
    "reviews.grade": "决定", "reviews.words": "理由（告知本人）", "reviews.words.example": "用平实的话写，本人能看到。如：11月20日、22日两次报警，民警到场核实均无此事", "reviews.until": "到期", "reviews.days": "{count} 天", "reviews.decide": "决定", "reviews.dismiss": "不成立",
    "reviews.lift": "解除", "reviews.lift.why": "解除的理由", "reviews.ended.lifted": "已解除", "reviews.ended.replaced": "已被新的决定替代", "reviews.ended.expired": "已到期", "reviews.in_force": "生效中", "reviews.by": "{proposer} 提出，{reviewer} 复核",
    "grade.hint.warned": "只提醒接警员", "grade.hint.restricted": "先用静止画面和文字，接警员可开通视频", "grade.hint.barred": "同上，并最多排后两分钟",
    "kind.report.marked_false": "标记虚假或骚扰", "kind.standing.changed": "决定使用限制", "kind.standing.lifted": "解除使用限制", "kind.review.dismissed": "复核：不成立", "kind.live.granted": "准许视频",
    "refusal.evidence-of-another": "这起警情不是该群众的，不能作为依据。", "refusal.standing-not-found": "没有这条限制。", "refusal.marked-by-yourself": "这是您自己标记的，请由另一位指挥长复核。", "refusal.review-not-found": "这里没有等待复核的标记，可能已有人处理。", "refusal.live-withheld": "该群众的视频尚未开通。",
  },
  en: {
    "dock.marking": "False", "marking.kind": "Mark as", "marking.false_report": "False report", "marking.harassment": "Harassment", "marking.reason": "Reason (the facts, for the commander's review)", "marking.example": "e.g. officers found nothing; the caller said he was trying it out",
    "marking.send": "Mark and freeze the evidence", "marking.note": "Track, pictures, recording and timeline are frozen, and a commander reviews it. The citizen can go on reporting.", "marking.now": "{by} marked it: {kind}. Reason: {reason}", "marking.waits": "Waits for a commander's review", "marking.standing": "{by} reviewed it and limited the citizen", "marking.dismissed": "{by} reviewed it: nothing found",
    "live.withheld": "This citizen's use is limited and live video is not open. Stills and text come in.", "live.withheld.first": "It can be opened after answering.", "live.grant": "Allow video", "call.state.withheld": "Video not open", "call.say.withheld": "Video is not open. Stills appear here as they come; write in the meantime.", "queue.behind": "limited · later",
    "caller.limit": "{grade} · {reason} · until {until}", "caller.limit_endless": "{grade}",
    "reviews.open": "Reviews", "reviews.title": "Reviews of false and harassing reports", "reviews.none": "Nothing waits for review.", "reviews.marked": "{by} marked it: {kind}", "reviews.reason": "Reason of the mark", "reviews.history": "Limits so far", "reviews.no_history": "No limits so far", "reviews.look": "Open the incident",
    "reviews.grade": "Decision", "reviews.words": "Reason (the citizen reads it)", "reviews.words.example": "In plain words, for the citizen to read, e.g. officers found nothing on 20 and on 22 November", "reviews.until": "Ends after", "reviews.days": "{count} days", "reviews.decide": "Decide", "reviews.dismiss": "Nothing found",
    "reviews.lift": "Lift", "reviews.lift.why": "Why it is lifted", "reviews.ended.lifted": "lifted", "reviews.ended.replaced": "replaced", "reviews.ended.expired": "expired", "reviews.in_force": "in force", "reviews.by": "proposed by {proposer}, reviewed by {reviewer}",
    "grade.hint.warned": "only tells the call-taker", "grade.hint.restricted": "stills and text first; the call-taker can open video", "grade.hint.barred": "the same, and waits up to two minutes behind others",
    "kind.report.marked_false": "Marked false or harassing", "kind.standing.changed": "Standing decided", "kind.standing.lifted": "Standing lifted", "kind.review.dismissed": "Review: nothing found", "kind.live.granted": "Live video allowed",
    "refusal.evidence-of-another": "This incident is not one of the citizen's.", "refusal.standing-not-found": "No such limit.", "refusal.marked-by-yourself": "You marked this yourself; another commander reviews it.", "refusal.review-not-found": "Nothing waits for review here; somebody may have done it.", "refusal.live-withheld": "Live video is not open for this citizen.",
  },
};
