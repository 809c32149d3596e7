/**
 * The words of every page: two languages, Chinese first, and the words all pages share.
 *
 * A page adds its own with `addWords` before it draws anything. Words a citizen may see are never the internal ones.
 */

const LANGUAGE_KEY = "instant110.language";

const words = {
  "zh-CN": {
    "mode.video110": "视频110", "mode.fengqiao": "枫桥在线", "mode.photo_text": "图文报警",
    "mode.silent": "静音报警", "mode.voice": "语音报警", "tip": "线索",
    "status.waiting": "等待接警", "status.answered": "已接警", "status.dispatched": "已派警",
    "status.en_route": "民警已出发", "status.on_scene": "民警到场", "status.handled": "现场处理完毕",
    "status.transferred": "已转部门", "status.abandoned": "接通前中断", "status.closed": "已办结",
    "disposition.resolved": "已处置", "disposition.advised": "已答复", "disposition.referred_12345": "已转 12345 热线",
    "disposition.duplicate": "与另一起警情合并", "disposition.out_of_area": "已转当地公安机关",
    "disposition.no_contact": "未能联系上", "disposition.false_report": "虚假报警", "disposition.harassment": "骚扰报警",
    "dispatch.sent": "已派出", "dispatch.opened": "已查看", "dispatch.en_route": "已出发", "dispatch.on_scene": "已到场",
    "dispatch.handled": "处理完毕", "dispatch.revoked": "已收回",
    "priority.1": "一级", "priority.2": "二级", "priority.3": "三级", "priority.4": "四级",
    "contact.app_only": "勿回拨 · 勿鸣笛",
    "media.photo": "照片", "media.video": "视频", "media.awaiting": "检查中", "media.accepted": "已收到", "media.refused": "未采用",
    "trade.none": "无", "trade.taxi": "出租车 / 网约车", "trade.courier": "快递 / 外卖",
    "language.switch": "EN",
    "problem.network": "网络不通", "problem.timeout": "等待过久，没有回应", "problem.unexpected": "出了点问题，请再试一次",
    "problem.unauthorized": "登录已过期", "problem.forbidden": "暂时没有接通，请稍候再试", "problem.internal-error": "系统繁忙，请再试一次",
    "problem.too-many-requests": "操作过于频繁，请稍候", "problem.body-too-large": "内容过大",
    "problem.body-invalid": "填写的内容有误", "problem.wechat-unavailable": "微信暂时没有回应，请稍候再试",
    "problem.login-code-refused": "登录码无效或已用过", "problem.phone-invalid": "手机号码不正确",
    "problem.phone-code-refused": "手机号授权已失效，请重新授权",
    "problem.incident-not-found": "没有找到这起警情", "problem.step-refused": "当前状态下不能这样操作",
    "problem.media-too-large": "文件过大", "problem.media-type-refused": "不支持这种文件",
    "problem.media-limit-reached": "照片最多 9 张，视频最多 3 段",
    "problem.too-many-messages": "发送过于频繁，稍后自动重试", "problem.report-full": "这起报警的留言已满，紧急情况请拨打 110",
    "problem.link-not-found": "链接无效", "problem.link-ended": "链接已失效", "problem.link-bound-elsewhere": "链接已在另一部手机上打开",
    "problem.digits-refused": "后四位不正确", "problem.text-too-long": "文字过长",
  },
  en: {
    "mode.video110": "Video 110", "mode.fengqiao": "Fengqiao Online", "mode.photo_text": "Photo & text report",
    "mode.silent": "Silent report", "mode.voice": "Voice report", "tip": "Tip",
    "status.waiting": "Waiting", "status.answered": "Answered", "status.dispatched": "Dispatched",
    "status.en_route": "Officers on the way", "status.on_scene": "On scene", "status.handled": "Handled on scene",
    "status.transferred": "Transferred", "status.abandoned": "Ended before answer", "status.closed": "Closed",
    "disposition.resolved": "Resolved", "disposition.advised": "Advised", "disposition.referred_12345": "Referred to 12345",
    "disposition.duplicate": "Joined with another incident", "disposition.out_of_area": "Passed to the local police",
    "disposition.no_contact": "Could not be reached", "disposition.false_report": "False report", "disposition.harassment": "Nuisance report",
    "dispatch.sent": "Sent", "dispatch.opened": "Opened", "dispatch.en_route": "En route", "dispatch.on_scene": "On scene",
    "dispatch.handled": "Handled", "dispatch.revoked": "Revoked",
    "priority.1": "Priority 1", "priority.2": "Priority 2", "priority.3": "Priority 3", "priority.4": "Priority 4",
    "contact.app_only": "No call-back · no siren",
    "media.photo": "Photo", "media.video": "Video", "media.awaiting": "Checking", "media.accepted": "Received", "media.refused": "Not used",
    "trade.none": "None", "trade.taxi": "Taxi / ride-hailing", "trade.courier": "Courier / delivery",
    "language.switch": "中文",
    "problem.network": "No network", "problem.timeout": "No answer in time", "problem.unexpected": "Something went wrong, please try again",
    "problem.unauthorized": "Your sign-in has expired", "problem.forbidden": "Not let through just now, please try again soon", "problem.internal-error": "The system is busy, please try again",
    "problem.too-many-requests": "Too many requests, please wait", "problem.body-too-large": "Too large",
    "problem.body-invalid": "Something filled in is not right", "problem.wechat-unavailable": "WeChat is not answering, please try again soon",
    "problem.login-code-refused": "The sign-in code is invalid or was used", "problem.phone-invalid": "This phone number is not valid",
    "problem.phone-code-refused": "The phone permission has lapsed, please grant it again",
    "problem.incident-not-found": "No such incident", "problem.step-refused": "Not possible in the present state",
    "problem.media-too-large": "The file is too large", "problem.media-type-refused": "This kind of file is not supported",
    "problem.media-limit-reached": "At most 9 photos and 3 videos",
    "problem.too-many-messages": "Too many at once, trying again soon", "problem.report-full": "This report can take no more messages; in an emergency ring 110",
    "problem.link-not-found": "The link is not valid", "problem.link-ended": "The link has ended", "problem.link-bound-elsewhere": "The link is open on another phone",
    "problem.digits-refused": "The digits are not right", "problem.text-too-long": "The text is too long",
  },
};

const listeners = new Set();
let current = remembered();

function remembered() {
  try {
    return localStorage.getItem(LANGUAGE_KEY) === "en" ? "en" : "zh-CN";
  } catch {
    return "zh-CN";
  }
}

/** The language shown now: `zh-CN` (the default) or `en`. */
export function language() {
  return current;
}

/** Shows another language from now on, remembers it on this device, and tells everyone who listens. */
export function setLanguage(code) {
  current = code === "en" ? "en" : "zh-CN";
  try {
    localStorage.setItem(LANGUAGE_KEY, current);
  } catch {
    // A web-view without storage still switches; it only forgets.
  }
  if (typeof document !== "undefined") document.documentElement.lang = current;
  for (const listener of listeners) listener(current);
}

/** The other language: what the toggle switches to. */
export function otherLanguage() {
  return current === "en" ? "zh-CN" : "en";
}

/** Calls `listener(language)` after each switch; returns a function that stops it. */
export function onLanguage(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Adds a page's words: `{"zh-CN": {key: text}, en: {key: text}}`; a page's own word wins over a shared one. */
export function addWords(more) {
  for (const code of Object.keys(words)) Object.assign(words[code], more[code] ?? {});
}

/** The text of `key` in the language shown, `{name}` replaced from `facts`; the key itself when nobody wrote it. */
export function t(key, facts = {}) {
  const text = words[current][key] ?? words["zh-CN"][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

/** True when some page wrote words for `key`. */
export function known(key) {
  return key in words["zh-CN"];
}

/** Plain words for a problem slug; its title, or the general sentence, when the slug is new to the pages. */
export function problemWords(problem) {
  if (problem?.type && known(`problem.${problem.type}`)) return t(`problem.${problem.type}`);
  return problem?.title || t("problem.unexpected");
}
