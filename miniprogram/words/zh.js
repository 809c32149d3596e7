/** 中文. What stands before the dot is the page (`all` for every page), or what the words are about. */

module.exports = {
  "all.bureau": "{county}公安局", "all.bureau.unknown": "公安局", "all.ring": "拨打 {number}", "all.lost": "网络不通，正在自动重连…", "all.back": "返回", "all.loading": "正在打开…",
  "all.again": "再试一次", "all.recorded": "通话将录音录像", "all.settings": "去设置里打开", "all.away": "移除", "all.reload": "重传", "all.look": "查看", "all.photo": "照片", "all.video": "视频",

  "tab.home": "报警", "tab.reports": "我的报警", "tab.me": "我的",
  "mode.video110": "视频110", "mode.fengqiao": "枫桥在线", "mode.photo_text": "图文报警", "mode.silent": "静音报警", "mode.voice": "语音报警", "mode.tip": "线索",

  "entry.title": "即时报警", "entry.video110": "视频110", "entry.video110_hint": "让接警员看到现场", "entry.photo_text": "图文报警", "entry.photo_text_hint": "拍照片、写文字，随时可报", "entry.fengqiao": "枫桥在线", "entry.fengqiao_hint": "咨询、投诉、矛盾调解",
  "entry.traditional": "传统报警", "entry.silent": "静音", "entry.voice": "语音", "entry.outbox": "有一条报警正在发送", "entry.going": "您的报警正在处理", "entry.down": "暂时连不上报警服务。情况紧急，请直接打电话：",
  "entry.check": "我在不在服务范围内？", "entry.inside": "您在服务范围内", "entry.straddling": "您在辖区边界附近，可以报警", "entry.unknown": "暂时查不到服务范围，不影响报警", "entry.outside": "您可能不在我们的辖区内",
  "entry.county": "{bureau}提供服务。非紧急事项请拨打 12345。", "entry.text": "发短信到 {number}", "entry.pin": "点右上角“···”，选“添加到我的小程序”，下次从微信首页下拉就能打开。", "entry.pin_known": "知道了",
  "entry.asked": "留一个手机号？", "entry.asked_why": "接警员需要时可以打给您。不留也可以报警。", "entry.asked_rest": "位置、相机和麦克风只在用到时才会询问，不同意也可以报警。", "entry.phone_wechat": "用微信手机号", "entry.phone_typed": "手动填写", "entry.later": "以后再说",

  "phone.placeholder": "手机号", "phone.save": "保存", "phone.kept": "已保存，谢谢。", "phone.refused": "没有取得微信手机号。您可以手动填写，也可以不填。",

  "report.title": "图文报警", "report.danger": "正有人身危险？", "report.what": "发生了什么？", "report.what_example": "例如：两辆车相撞，有人受伤，路被堵住了", "report.where": "在哪里？", "report.where_example": "村、路名、店名或明显的标志",
  "report.pictures": "照片和视频", "report.add": "添加", "report.use_position": "使用我的位置", "report.asking": "正在定位…您可以继续填写，不必等待。", "report.contact": "联系电话", "report.contact_example": "方便联系您的号码，可以不填",
  "report.callback": "可以给您回电吗？", "report.yes": "可以", "report.no": "不要回电", "report.no_means": "我们不会给您打电话、发短信，民警到场不鸣笛。请在“我的报警”里查看消息。", "report.tip": "只提供线索", "report.tip_means": "不需要民警现在出警",
  "report.send": "报警", "report.send_tip": "提交线索", "report.files_first": "先报警，照片和视频随后自动上传", "report.empty": "还没有填写内容", "report.empty_line": "写一句话或拍一张照片，我们能更快帮到您。", "report.empty_back": "继续填写", "report.empty_send": "就这样报警",

  "position.have": "已附上您的位置，精确到约 {metres} 米", "position.denied": "没有定位权限。写下地点就可以，不影响报警。", "position.system": "手机没有允许微信定位。写下地点就可以，不影响报警。", "position.off": "手机的定位开关没有打开。写下地点就可以，不影响报警。", "position.unavailable": "暂时无法定位。写下地点就可以，不影响报警。",
  "camera.denied": "没有相机或相册权限。可以只用文字报警。", "camera.system": "手机没有允许微信使用相机或相册。可以只用文字报警。", "camera.off": "暂时打不开相机或相册。可以只用文字报警。", "camera.unavailable": "暂时打不开相机或相册。可以只用文字报警。",
  "pick.count": "照片 {photos}/9 · 视频 {videos}/3", "pick.type": "有文件不能用：请选 JPG、PNG、WebP、HEIC 照片或 MP4、MOV 视频。", "pick.large.photo": "有照片超过 15 MB，太大了。", "pick.large.video": "有视频超过 200 MB，请截短后再选。",
  "pick.many.photo": "照片最多 9 张，多的没有加入。", "pick.many.video": "视频最多 3 段，多的没有加入。",

  "sending.title": "正在报警", "sending.consult": "正在提交", "sending.line": "正在把您的报警送达接警中心…", "sending.attempt": "网络不通，已自动重试 {attempt} 次，接通后会立即送达。", "sending.now": "现在重试", "sending.ring": "不想等？请直接拨打：",
  "sending.refused": "报警没有送达", "sending.outside": "您可能不在我们的辖区内", "sending.anyway": "仍要报警", "sending.anyway_means": "如果事情发生在我们辖区，请继续报警，我们会受理。", "sending.change": "返回修改", "sending.text": "发短信到 {number}",

  "incident.title": "我的报警", "incident.use_position": "使用我的位置", "incident.asking": "正在定位…", "incident.followed": "办结之前，您的位置会同步给接警员。", "incident.wait": "还没有人接手。不想等，请直接拨打：", "incident.number": "编号 {number}", "incident.no_ring": "不会给您回电", "incident.media": "照片和视频", "incident.add": "添加照片或视频", "incident.record": "处理记录", "incident.own": "报警内容", "incident.at": "报警时间",
  "incident.text": "内容", "incident.place": "地点", "incident.position": "位置", "incident.accuracy": "已附上，精确到约 {metres} 米", "incident.rejoin": "回到通话", "incident.booked": "已预约 {when} 联系您。到时请在这里连线，接警员也可能给您打电话。", "incident.moved": "原来的报警已办结，您刚发的内容已作为新的报警送达，接警员会看到前后两条。",
  "incident.follows": "这是接续之前那次报警的新报警。", "incident.before": "查看之前的报警", "incident.goes_on": "这次报警已有后续。", "incident.after": "查看后来的报警", "incident.talk": "和接警员说", "incident.talk_none": "有新情况、看到了什么、听到了什么，都可以写在这里，接警员会看到。",
  "incident.talk_closed": "还有情况？写在这里会作为新的报警送达。", "incident.write": "写给接警员…", "incident.send": "发送", "incident.police": "接警员", "incident.gone": "没有找到这起报警",
  "message.sending": "发送中…", "message.waiting": "网络不通，会自动再发", "message.refused": "没有发出：{words}", "message.sent": "已送达",

  "reports.title": "我的报警", "reports.more": "更早的报警", "reports.none": "您还没有报过警", "reports.photos": "{count} 张照片", "reports.videos": "{count} 段视频", "reports.no_words": "（没有文字）",

  "me.title": "我的", "me.phone": "我的手机号", "me.why": "接警员需要时可以打给您。不留也可以报警。", "me.verified": "已验证", "me.unverified": "未验证", "me.wechat": "用微信手机号", "me.typed": "手动填写", "me.profile": "个人信息", "me.profile_why": "让接警员知道怎么称呼您。都可以不填。",
  "me.name": "姓名或称呼", "me.trade": "从事行业", "me.plate": "车牌号", "me.plate_example": "例如 鲁V12345", "me.save": "保存", "me.saved": "已保存", "me.language": "语言", "me.privacy": "用户隐私保护指引", "me.permissions": "位置、相机、麦克风权限", "trade.none": "无", "trade.taxi": "出租车 / 网约车", "trade.courier": "快递 / 外卖",

  "event.near": "附近已知：{name}", "event.ask": "您报的是同一件事吗？", "event.same": "是同一件事", "event.different": "不是，是另一件事", "event.hurt": "有人受伤", "event.told.same": "已记下：是同一件事。您的报警仍在处理。", "event.told.different": "已记下：是另一件事。", "event.told.hurt": "已加急，接警员会先看您的报警。",

  "limit.title": "使用限制", "limit.warned": "这是一次提醒，您使用的功能没有变化。请把报警线路留给需要帮助的人。", "limit.restricted": "视频和语音报警先从照片和文字开始，接警员看过以后可以为您开通视频。", "limit.barred": "视频和语音报警先从照片和文字开始，接警员看过以后可以为您开通视频。线路忙时，接警最多会晚两分钟。", "limit.why": "原因", "limit.when": "期限", "limit.dates": "{since} 至 {until}，到期自动恢复", "limit.still": "您随时可以报警，也可以发文字、照片和视频，每一条都会有人看。", "limit.object": "如果认为不对，可以到当地派出所说明，或拨打公安监督电话 12389，由指挥长重新核实。",

  "live.opening": "正在接通…", "live.failed": "通话页面打不开", "live.in": "您的报警已经送达，接警员看得到。", "live.write": "用文字说明",

  "note.title": "记事", "note.going": "…", "note.lost": "没有网络，正在重试", "note.in": "已送到，点下面的字就行", "note.refused": "没有送到，请重新打开", "note.sent": "已送到", "note.retry": "重新打开",
  "note.hurt": "有人受伤", "note.knife": "有刀", "note.near": "他在旁边", "note.hiding": "我躲着", "note.yes": "是", "note.no": "否",

  "stands.waiting": "已收到", "stands.waiting.tip": "线索已收到", "stands.answered": "接警员已接", "stands.dispatched": "已派警", "stands.en_route": "民警在路上", "stands.on_scene": "民警已到现场", "stands.handled": "处理完毕", "stands.transferred": "已转交相关部门", "stands.abandoned": "接通前中断", "stands.closed": "已办结",
  "short.waiting": "收到", "short.answered": "接警", "short.dispatched": "派警", "short.en_route": "出发", "short.on_scene": "到场", "short.closed": "办结",
  "means.waiting": "接警中心已收到您的报警，会有人接手。请保持手机畅通，注意安全。", "means.waiting.tip": "谢谢您提供线索，我们会核查，不会因此出警。", "means.waiting.quiet": "接警中心已收到。我们不会给您打电话，请在本页面查看消息，注意安全。",
  "means.answered": "接警员正在处理，有问题会在下面问您。", "means.dispatched": "已安排民警处理，正准备出发。", "means.en_route": "民警正赶往现场，请在安全的地方等候。", "means.on_scene": "民警已经到达现场。", "means.handled": "现场已处理完毕，接警员正在整理记录。", "means.transferred": "您的事项已转交负责的部门。",
  "means.abandoned": "您可以在下面留言，接警员会看到。", "means.closed": "这次报警已经办结。",
  "ending.resolved": "民警已经处置完毕。", "ending.advised": "接警员已经答复您。", "ending.referred_12345": "这件事由 12345 政务热线负责，已为您转交。", "ending.duplicate": "已与同一件事的另一起报警合并处理。", "ending.out_of_area": "已通知当地公安机关处理。", "ending.no_contact": "我们没能联系上您。如仍需帮助，请在下面留言。",
  "ending.false_report": "这次报警已经办结。", "ending.harassment": "这次报警已经办结。",
  "kind.report.filed": "报警已收到", "kind.incident.abandoned": "接通前中断", "kind.media.refused": "一个文件没有采用：{reason}", "kind.incident.answered": "接警员已接", "kind.officer.dispatched": "已派 {unit_name}", "kind.officer.en_route": "民警已出发", "kind.officer.on_scene": "民警已到现场", "kind.officer.handled": "现场处理完毕",
  "kind.incident.closed": "已办结。{disposition}", "kind.incident.continued": "您又发来内容，已接续为新的报警", "kind.continues": "接续之前的报警，已送达", "kind.callback.made": "接警员给您回过电话{result}", "callback.reached": "，已接通", "callback.no_answer": "，无人接听", "callback.refused": "，未接", "callback.wrong_number": "，号码有误",
  "refused.other": "内容无法核对", "refused.not-what-it-says": "内容和文件类型不符", "refused.size-differs": "传输中有损坏", "refused.sha256-differs": "传输中有损坏", "refused.replaced": "文件被改动过", "refused.came-too-late": "到得太晚，名额已用完",
  "upload.waiting": "等待", "upload.preparing": "准备中", "upload.awaiting": "检查中", "upload.accepted": "已收到", "upload.again": "网络不稳，自动重试中", "upload.failed": "没有传上", "upload.gone": "文件已不在手机里，请重新选择", "upload.lapsed": "没有传上",

  "problem.network": "网络不通", "problem.unexpected": "出了点问题，请再试一次", "problem.unauthorized": "登录已过期", "problem.internal-error": "系统繁忙，请再试一次", "problem.too-many-requests": "操作过于频繁，请稍候", "problem.body-too-large": "内容过大", "problem.body-invalid": "填写的内容有误",
  "problem.wechat-unavailable": "微信暂时没有回应，请稍候再试", "problem.login-code-refused": "微信登录没有成功，请再试一次", "problem.phone-invalid": "手机号码不正确", "problem.phone-code-refused": "微信手机号授权已失效，请重新授权", "problem.incident-not-found": "没有找到这起报警",
  "problem.media-too-large": "文件过大", "problem.media-type-refused": "不支持这种文件", "problem.media-limit-reached": "照片最多 9 张，视频最多 3 段",
  "problem.too-many-messages": "发送过于频繁，稍后自动重试", "problem.report-full": "这起报警的留言已满，紧急情况请拨打 110",
};
