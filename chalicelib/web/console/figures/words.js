/** The words of the figures page. */

export const FIGURE_WORDS = {
  "zh-CN": {
    "figures.title": "数据", "figures.open": "数据", "figures.close": "关闭", "figures.save": "下载表格", "figures.wall": "全屏", "figures.no_wall": "浏览器不允许全屏", "figures.updated": "更新于 {time}", "figures.table": "表格",
    "figures.span": "时段", "figures.span.today": "今天", "figures.span.week": "近 7 天", "figures.span.month": "近 30 天", "figures.span.year": "近一年", "figures.from": "从", "figures.to": "至", "figures.day": "日期",
    "figures.goal": "目标 {percent}%", "figures.gauge": "{seconds} 秒内接通 {percent}%", "figures.gauge.label": "近一小时 {seconds} 秒内接通 {percent}，目标 {target}%", "figures.standing.met": "达标", "figures.standing.below": "未达标", "figures.standing.plain": "近一小时没有接通的紧急报警",
    "figures.gauge.hour": "近 1 小时：{count}/{whole} 起 · 接通前中断 {left} 起", "figures.gauge.today": "今天（{since} 起）：{percent} · {count}/{whole} 起 · 接通前中断 {left} 起",
    "figures.registered_in_all": "累计注册群众", "figures.registered": "新注册", "figures.reports": "报警", "figures.tips": "线索", "figures.consults": "咨询", "figures.major_cases": "重大案件", "figures.cases_solved": "破案", "figures.people_arrested": "抓获", "figures.people_helped": "救助",
    "figures.answered": "已接警", "figures.abandoned": "接通前中断", "figures.dispatched": "派警警情", "figures.officers_sent": "派出民警", "figures.reported_back": "处警反馈", "figures.closed": "办结", "figures.booked": "预约咨询", "figures.continued": "办结后续报", "figures.commander_texts": "短信指挥长", "figures.commander_texts_acknowledged": "指挥长已确认",
    "figures.by_day": "每天的报警", "figures.days.label": "{count} 天里每天的报警、线索和咨询数", "figures.answer": "紧急报警接通用时", "figures.within": "{limit} 秒内", "figures.after": "派警、反馈与咨询", "figures.dispatch_within": "{limit} 分钟内派警", "figures.feedback_within": "{limit} 分钟内反馈", "figures.consult_within": "咨询 {limit} 分钟内办结",
    "figures.percentiles": "接通用时的分位数", "figures.queue": "接通用时", "figures.queue.live": "紧急报警", "figures.queue.written": "图文报警", "figures.queue.consult": "枫桥在线", "figures.seconds": "{count} 秒", "figures.minutes": "{count} 分", "figures.over_a_day": "超过一天",
    "figures.modes": "报警方式", "figures.dispositions": "处理结果", "figures.rules": "重点警情", "figures.rule": "规则", "figures.hits": "命中（起）", "figures.confirmed": "属实（起）", "figures.rule.key_person": "重点人", "figures.rule.key_place": "重点部位", "figures.rule.repeat": "重复报警",
  },
  en: {
    "figures.title": "Figures", "figures.open": "Figures", "figures.close": "Close", "figures.save": "Save as sheet", "figures.wall": "Full screen", "figures.no_wall": "The browser allows no full screen", "figures.updated": "as of {time}", "figures.table": "Table",
    "figures.span": "Days", "figures.span.today": "Today", "figures.span.week": "7 days", "figures.span.month": "30 days", "figures.span.year": "A year", "figures.from": "From", "figures.to": "to", "figures.day": "Day",
    "figures.goal": "goal {percent}%", "figures.gauge": "{percent}% answered in {seconds} s", "figures.gauge.label": "Last hour: {percent} answered in {seconds} s, goal {target}%", "figures.standing.met": "met", "figures.standing.below": "below the goal", "figures.standing.plain": "no emergency answered in the last hour",
    "figures.gauge.hour": "Last hour: {count}/{whole} · {left} ended before answer", "figures.gauge.today": "Today (since {since}): {percent} · {count}/{whole} · {left} ended before answer",
    "figures.registered_in_all": "Citizens in all", "figures.registered": "New citizens", "figures.reports": "Reports", "figures.tips": "Tips", "figures.consults": "Consults", "figures.major_cases": "Major cases", "figures.cases_solved": "Solved", "figures.people_arrested": "Arrested", "figures.people_helped": "Helped",
    "figures.answered": "Answered", "figures.abandoned": "Ended before answer", "figures.dispatched": "Dispatched", "figures.officers_sent": "Officers sent", "figures.reported_back": "Reported back", "figures.closed": "Closed", "figures.booked": "Booked consults", "figures.continued": "After closing", "figures.commander_texts": "Texts to commanders", "figures.commander_texts_acknowledged": "Acknowledged",
    "figures.by_day": "Reports by day", "figures.days.label": "Reports, tips and consults on each of {count} days", "figures.answer": "Emergencies: time to answer", "figures.within": "in {limit} s", "figures.after": "Dispatch, feedback, consults", "figures.dispatch_within": "sent in {limit} min", "figures.feedback_within": "reported in {limit} min", "figures.consult_within": "consult done in {limit} min",
    "figures.percentiles": "Percentiles of the time to answer", "figures.queue": "Time to answer", "figures.queue.live": "Emergencies", "figures.queue.written": "Photo & text", "figures.queue.consult": "Fengqiao Online", "figures.seconds": "{count} s", "figures.minutes": "{count} min", "figures.over_a_day": "over a day",
    "figures.modes": "By mode", "figures.dispositions": "How they ended", "figures.rules": "Sensitive incidents", "figures.rule": "Rule", "figures.hits": "Incidents", "figures.confirmed": "Confirmed", "figures.rule.key_person": "Key person", "figures.rule.key_place": "Key place", "figures.rule.repeat": "Repeat report",
  },
};
