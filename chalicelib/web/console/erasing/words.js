/** The words of erasing a citizen. */

export const ERASING_WORDS = {
  "zh-CN": {
    "erasing.open": "删除个人信息", "erasing.title": "删除群众个人信息", "erasing.when": "只办理已经审批的书面申请。删除后任何人都无法恢复，全过程记入处警记录。",
    "erasing.number": "此人任意一起警情的编号", "erasing.look": "查看", "erasing.whose": "警情 {number} 的报警人：共 {count} 起警情",
    "erasing.goes": "将删除", "erasing.goes.words": "报警文字、与接警员的消息、备注和摘要", "erasing.goes.person": "姓名、电话、微信号、车牌、职业", "erasing.goes.places": "地点、位置和轨迹", "erasing.goes.files": "照片、视频、静止画面和通话录像的原件", "erasing.goes.talk": "使用限制的理由、重复报警的比对记录",
    "erasing.stays": "将保留", "erasing.stays.steps": "警情编号、时间、处警步骤、紧急程度、类别和结果", "erasing.stays.hashes": "文件和记录的摘要（不能还原内容，记录仍可核验）", "erasing.stays.officers": "派出的单位和民警、通知过的指挥长", "erasing.stays.paper": "本次删除：谁、何时、依据的文号", "erasing.stays.copies": "已导出的副本和备份（备份 35 天后过期）",
    "erasing.reason": "依据（审批文书的文号）", "erasing.reason.example": "如：依申请，卷号 2026-17", "erasing.reason.hint": "这一栏会长期保留，不要写姓名、电话等个人信息。", "erasing.again": "确认：请再输入一遍警情编号 {number}", "erasing.erase": "删除此人的全部个人信息",
    "erasing.refused": "现在不能删除：", "erasing.stopped": "已中止：", "erasing.because.open": "有警情没有办结。", "erasing.because.held": "有警情在证据保全中。", "erasing.because.frozen": "有警情因标记而冻结。", "erasing.because.limited": "使用限制还在生效，本人须能看到理由。", "erasing.because.watched": "布控名单里有此人。",
    "erasing.clear.open": "请接警员先办结。", "erasing.clear.held": "请指挥长在“证据”里解除保全后再申请。", "erasing.clear.frozen": "请指挥长先复核，再在“证据”里解除冻结。", "erasing.clear.limited": "请指挥长在“复核”里解除，或等到期。", "erasing.clear.watched": "请在“布控名单”里移除后再申请。",
    "erasing.going_on": "正在删除，几分钟内完成，进度见下方。", "erasing.nothing": "此人的信息已经全部删除。", "erasing.asked": "已受理，几分钟内完成。",
    "erasing.list": "办理情况", "erasing.none": "还没有删除过。", "erasing.state.asked": "正在删除", "erasing.state.stopped": "已中止", "erasing.state.done": "已删除", "erasing.by": "{by} 于 {at} 申请", "erasing.paper": "依据：", "erasing.so_far": "已处理 {incidents} 起警情、{objects} 个文件版本", "erasing.finished": "{at} 完成",
    "erasing.take_up": "排除后重新申请…", "erasing.tell": "有 {count} 份导出的副本删除不到，须逐一告知持有人：",
    "refusal.erasure-refused": "现在不能删除：情况刚刚有变，请重新查看。", "refusal.citizen-unknown": "没有此人，或已经删除。",
  },
  en: {
    "erasing.open": "Erase a citizen", "erasing.title": "Erase a citizen", "erasing.when": "Only for requests that were approved on paper. Nobody can bring back what is erased; all of it goes on record.",
    "erasing.number": "The number of any of her incidents", "erasing.look": "Look", "erasing.whose": "Who reported {number}: {count} incidents in all",
    "erasing.goes": "Will be erased", "erasing.goes.words": "words of the reports, messages, notes and summaries", "erasing.goes.person": "name, number, WeChat id, plate, trade", "erasing.goes.places": "places, positions and tracks", "erasing.goes.files": "originals of photos, videos, stills and recordings", "erasing.goes.talk": "reasons of her limits, what repeats are compared with",
    "erasing.stays": "Will stay", "erasing.stays.steps": "number, times, steps, priority, kind and outcome", "erasing.stays.hashes": "hashes of files and entries (they give nothing back, and the record still verifies)", "erasing.stays.officers": "units and officers sent, commanders told", "erasing.stays.paper": "this erasure: who, when, on which paper", "erasing.stays.copies": "exported copies, and backups for 35 days",
    "erasing.reason": "On which paper", "erasing.reason.example": "e.g. on request, file 2026-17", "erasing.reason.hint": "This stays for good: no name and no number in it.", "erasing.again": "To confirm, type the number {number} once more", "erasing.erase": "Erase all there is about this citizen",
    "erasing.refused": "Not possible now: ", "erasing.stopped": "Stopped: ", "erasing.because.open": "an incident is open.", "erasing.because.held": "an incident is under legal hold.", "erasing.because.frozen": "an incident is frozen by a marking.", "erasing.because.limited": "a limit is in force, whose reason she must be able to read.", "erasing.because.watched": "the watch list names her.",
    "erasing.clear.open": "A call-taker closes it first.", "erasing.clear.held": "A commander releases it in Evidence; then ask again.", "erasing.clear.frozen": "A commander reviews it, then releases the freeze in Evidence.", "erasing.clear.limited": "A commander lifts it among the reviews, or it ends by itself.", "erasing.clear.watched": "Take the entry off the watch list; then ask again.",
    "erasing.going_on": "Being erased; done within minutes, see below.", "erasing.nothing": "Everything about this citizen was erased.", "erasing.asked": "Taken; done within minutes.",
    "erasing.list": "Erasures", "erasing.none": "None yet.", "erasing.state.asked": "Being erased", "erasing.state.stopped": "Stopped", "erasing.state.done": "Erased", "erasing.by": "asked by {by} at {at}", "erasing.paper": "On: ", "erasing.so_far": "{incidents} incidents and {objects} versions of files so far", "erasing.finished": "done at {at}",
    "erasing.take_up": "Cleared: ask again…", "erasing.tell": "{count} exported copies are out of reach; tell each holder:",
    "refusal.erasure-refused": "Not possible now: something has just changed, look again.", "refusal.citizen-unknown": "There is no such citizen, or she was erased.",
  },
};
