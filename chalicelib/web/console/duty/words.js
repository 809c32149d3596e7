/** The words of commanders' texts and of the duty roster at the console. */

export const DUTY_WORDS = {
  "zh-CN": {
    "bar.duty": "值班表", "duty.title": "指挥长值班表", "duty.now": "现在值班", "duty.nobody": "现在没有指挥长值班，重点警情短信直接发到{fallback}。", "duty.nobody.alone": "现在没有指挥长值班，也没有备用号码：重点警情短信发不出去！", "duty.gaps": "今后 7 天无人值班的时间",
    "duty.no_gaps": "今后 7 天都有人值班", "duty.fallback": "没有人值班或都没有确认时，发到：{name} {phone}", "duty.name": "岗位", "duty.name.hint": "例如：值班指挥长", "duty.from": "开始（北京时间）", "duty.to": "结束（北京时间）", "duty.order": "通知顺序", "duty.order.nth": "第 {order} 位",
    "duty.shifts": "班次", "duty.add": "加入值班表", "duty.none": "还没有排班",
    "alerts.label": "指挥长短信", "alerts.sending": "正在发短信", "alerts.unsent": "短信发不出，正在重试", "alerts.accepted": "已短信", "alerts.failed": "短信未发出", "alerts.folded": "重复报警，未单独发短信", "alerts.acked": "已确认", "alerts.opened": "已打开", "alerts.not_acked": "未确认", "alerts.revoked": "已收回", "alerts.revoke": "收回", "alerts.revoke.why": "为什么收回这条短信的链接",
    "alerts.chip.acknowledged": "指挥长已确认", "alerts.chip.accepted": "已短信指挥长", "alerts.chip.sending": "正在短信指挥长", "alerts.chip.unsent": "短信发不出", "alerts.chip.failed": "短信未发出",
    "alerts.reason.key_person": "重点人", "alerts.reason.key_place": "重点部位", "alerts.reason.repeat": "重复报警", "alerts.reason.unanswered": "无人接警", "alerts.reason.undispatched": "未派警", "alerts.reason.unopened": "民警未查看",
    "kind.alert.sending": "短信通知指挥长", "kind.alert.texted": "指挥长短信结果", "kind.alert.opened": "指挥长打开短信", "kind.alert.acknowledged": "指挥长确认知悉", "kind.alert.folded": "重复报警合并计数", "kind.alert.revoked": "收回指挥长短信链接", "kind.alert.locked": "指挥长链接已锁（后四位输错）", "kind.hits.found": "命中重点警情",
    "refusal.shift-invalid": "结束时间要晚于开始时间，且一个班次最长 36 小时。",
  },
  en: {
    "bar.duty": "Duty roster", "duty.title": "Commanders on duty", "duty.now": "On duty now", "duty.nobody": "No commander is on duty: texts go straight to {fallback}.", "duty.nobody.alone": "No commander is on duty and there is no standing number: nobody can be texted!", "duty.gaps": "Nobody on duty within 7 days",
    "duty.no_gaps": "Somebody is on duty all of the next 7 days", "duty.fallback": "When nobody is, or nobody acknowledges: {name} {phone}", "duty.name": "Post", "duty.name.hint": "e.g. commander on duty", "duty.from": "From (Beijing time)", "duty.to": "To (Beijing time)", "duty.order": "Order", "duty.order.nth": "no. {order}",
    "duty.shifts": "Shifts", "duty.add": "Put on the roster", "duty.none": "No shifts yet",
    "alerts.label": "Texts to commanders", "alerts.sending": "texting", "alerts.unsent": "no text taken, trying on", "alerts.accepted": "texted", "alerts.failed": "text not sent", "alerts.folded": "repeat report, counted and not texted", "alerts.acked": "acknowledged", "alerts.opened": "opened", "alerts.not_acked": "not acknowledged", "alerts.revoked": "revoked", "alerts.revoke": "Revoke", "alerts.revoke.why": "Why this text’s link is ended",
    "alerts.chip.acknowledged": "Commander knows", "alerts.chip.accepted": "Commander texted", "alerts.chip.sending": "Texting commander", "alerts.chip.unsent": "Text not taken", "alerts.chip.failed": "Text not sent",
    "alerts.reason.key_person": "key person", "alerts.reason.key_place": "key place", "alerts.reason.repeat": "repeat report", "alerts.reason.unanswered": "unanswered", "alerts.reason.undispatched": "nobody sent", "alerts.reason.unopened": "link unopened",
    "kind.alert.sending": "Commander texted", "kind.alert.texted": "Commander's text", "kind.alert.opened": "Commander opened the text", "kind.alert.acknowledged": "Commander acknowledged", "kind.alert.folded": "Repeat report counted", "kind.alert.revoked": "Commander’s link revoked", "kind.alert.locked": "Commander's link locked (wrong digits)", "kind.hits.found": "Sensitive incident",
    "refusal.shift-invalid": "The end must be after the beginning, and a shift lasts 36 hours at most.",
  },
};
