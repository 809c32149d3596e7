/** The words of the commander's page. */

export const words = {
  "zh-CN": {
    "top.title": "警情确认", "loading": "正在打开…", "network.lost": "网络不通，正在自动重连。显示的是最后一次收到的内容。",
    "open.title": "核对身份", "open.why": "打开不等于确认：看过之后再点“确认知悉”。", "open.digits": "您接收短信的手机号后四位", "open.go": "查看警情",
    "open.code": "短信里的 8 位确认码", "open.by_code": "输入短信里的确认码", "open.wrong": "后四位不正确，还可以试 {left} 次",
    "open.no_code": "没有这个确认码，请核对短信。", "open.too_many": "输错次数过多，请过五分钟再试，或与指挥中心联系。",
    "end.link-not-found": "链接无效", "end.link-not-found.then": "请看最新的短信，或与指挥中心联系。", "end.link-ended": "警情已办结", "end.link-ended.then": "这起警情已经办结，不再需要确认。",
    "end.link-bound-elsewhere": "已在另一部设备上打开", "end.link-bound-elsewhere.then": "每条短信只能在一部设备上确认。请用那部设备，或与指挥中心联系。",
    "end.digits-refused": "已锁定", "end.digits-refused.then": "后四位输错次数过多。请与指挥中心联系；系统会继续通知下一位。", "end.other_code": "输入另一条短信的确认码",
    "alert.reasons": "为什么通知您", "alert.at": "{time} 报警", "alert.texted": "{time} 短信通知 {name}", "alert.ack": "确认知悉", "alert.acked": "已于 {time} 确认", "alert.acked.then": "不再通知下一位。接警台已经看到您的确认。",
    "alert.then": "一分钟内没有确认，会通知下一位值班指挥长。", "alert.where": "详情请到接警台查看。这里不显示群众的任何信息。", "alert.unsent": "网络不通，没有确认成功。请再点一次。",
    "reason.key_person": "命中重点人员规则", "reason.key_place": "命中重点部位规则", "reason.repeat": "重复报警", "reason.unanswered": "无人接警", "reason.undispatched": "接警后没有派警", "reason.unopened": "派出的民警没有查看",
  },
  en: {
    "top.title": "Acknowledge", "loading": "Opening…", "network.lost": "No network, reconnecting by itself. You see what came last.",
    "open.title": "Who are you?", "open.why": "Opening is not acknowledging: look first, then say that you know.", "open.digits": "Last four digits of the number the text came to", "open.go": "Show the incident",
    "open.code": "The 8 digit code of the text", "open.by_code": "Enter the code of the text", "open.wrong": "Not the right digits; {left} tries left",
    "open.no_code": "There is no such code; please look at the text again.", "open.too_many": "Too many wrong tries. Wait five minutes, or ask the command centre.",
    "end.link-not-found": "The link is not valid", "end.link-not-found.then": "See the newest text, or ask the command centre.", "end.link-ended": "The incident is closed", "end.link-ended.then": "There is nothing to acknowledge any more.",
    "end.link-bound-elsewhere": "Open on another device", "end.link-bound-elsewhere.then": "Each text is acknowledged on one device. Use that one, or ask the command centre.",
    "end.digits-refused": "Locked", "end.digits-refused.then": "Too many wrong digits. Ask the command centre; the next commander will be told.", "end.other_code": "Enter the code of another text",
    "alert.reasons": "Why you are told", "alert.at": "reported {time}", "alert.texted": "texted {time} to {name}", "alert.ack": "I know of it", "alert.acked": "Acknowledged {time}", "alert.acked.then": "The next one is not told. The console sees it.",
    "alert.then": "If nobody acknowledges within a minute, the next commander is told.", "alert.where": "The console has the details. Nothing about the citizen is shown here.", "alert.unsent": "No network: it was not acknowledged. Please press again.",
    "reason.key_person": "Hit the rule for key persons", "reason.key_place": "Hit the rule for key places", "reason.repeat": "Repeat report", "reason.unanswered": "Nobody answers", "reason.undispatched": "Answered, nobody sent", "reason.unopened": "The officer has not opened his link",
  },
};
