/** What goes wrong, in words a citizen understands; nothing of it stands in the way of a report. */

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { INSIDE, aDesk, aPhone, asCitizen, media, on } = require("./harness/service.js");
const { eventually } = require("./harness/simulator.js");

const NEVER_SHOWN = /取消|信誉|拉黑|重点人|barred|restricted|undefined|NaN|\[object|errMsg|fail/;

test("with the service down home shows the number, one tap away, and every report is kept", async () => {
  const phone = aPhone({ down: true });
  await on(phone, async (app) => {
    await eventually(() => app.words.includes("暂时连不上报警服务"));
    app.tap("拨打 110");
    assert.deepEqual(phone.rung.map(({ phoneNumber }) => phoneNumber), ["110"]);
    app.tap("图文报警");
    app.write("发生了什么？", "连不上也要报");
    app.tap("报警");
    await eventually(() => app.words.includes("网络不通，已自动重试"));
    assert.match(app.words, /不想等？请直接拨打：拨打 110/);
    assert.doesNotMatch(app.words, NEVER_SHOWN);
    phone.down = false;
    app.tap("现在重试");
    await eventually(() => app.page === "incident");
  });
});

const NOT_ALLOWED = { status: 403, type: "application/problem+json", text: '{"type": "forbidden", "title": "Not allowed", "status": 403}' };
const BLOCKED = { status: 403, type: "text/html", text: "<html><body>Request blocked</body></html>" };
const WELCOME = { status: 200, type: "text/html", text: "<html><body>Sign in to the hotel's network</body></html>" };

/** Has the first `times` requests to each address that `matches` finds answered in the service's stead. */
function turnsAway(matches, { status, type, text }, times = 2) {
  const seen = new Map();
  return (url) => {
    if (!matches.test(url)) return null;
    seen.set(url, (seen.get(url) || 0) + 1);
    return seen.get(url) <= times ? new Response(text, { status, headers: { "Content-Type": type } }) : null;
  };
}

for (const [who, answer] of Object.entries({ "a gateway": NOT_ALLOWED, "a firewall": BLOCKED, "a hotel's network": WELCOME }))
  test(`${who} that lets nothing through for a while loses no report, no picture, no word and no following`, async () => {
    const phone = aPhone({ inTheWay: turnsAway(/\/reports\/(photo-text$|[^/]+\/(media|messages)$|[^/?]+\?|(?!photo-text)[^/?]+$)/, answer) });
    await on(phone, async (app) => {
      app.tap("图文报警");
      app.write("发生了什么？", "广场上有人打架");
      phone.photograph(media("photo")[0], "image");
      app.tap("添加");
      await eventually(() => app.data.tiles.length === 1);
      app.tap("报警");
      await eventually(() => app.words.includes("已自动重试"));
      await eventually(() => app.page === "incident" && app.data.shown, "it follows");
      app.write("写给接警员…", "又来了一群人");
      app.tap("发送");
      const { id } = (await asCitizen(phone)("/reports")).items[0];
      await eventually(async () => {
        const { media: files, timeline } = await asCitizen(phone)(`/reports/${id}`);
        return files[0]?.state === "accepted" && timeline.some(({ details }) => details.text === "又来了一群人");
      }, "picture and word are in");
      assert.equal(app.data.gone, "");
      assert.doesNotMatch(app.words, NEVER_SHOWN);
    });
  });

test("a gateway that lets nothing through for a while loses no silent report", async () => {
  const phone = aPhone({ inTheWay: turnsAway(/\/reports\/silent$/, NOT_ALLOWED) });
  await on(phone, async (app) => {
    app.tap("静音");
    await eventually(() => app.words === "没有网络，正在重试");
    await eventually(() => app.data.id !== "", "it is in without a touch");
    assert.equal((await asCitizen(phone)("/reports")).items.length, 1);
  });
});

test("a phone that can store nothing more sends one report with every word, and a silent one", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await eventually(() => phone.storage.has("instant110.session"));
    phone.full = true;
    app.tap("图文报警");
    app.write("发生了什么？", "手机满了也要报");
    app.write("在哪里？", "民主路新华超市");
    app.tap("报警");
    await eventually(() => app.page === "incident");
    const [report, ...more] = (await asCitizen(phone)("/reports")).items;
    assert.deepEqual([report.text, report.place.words, more], ["手机满了也要报", "民主路新华超市", []]);
    app.tab("/pages/entry/entry");
    app.tap("图文报警");
    assert.equal(app.data.draft.text, "", "and the next one begins empty");
    app.back();
    app.tap("静音");
    await eventually(() => app.data.id !== "", "the silent one is in");
    assert.deepEqual((await asCitizen(phone)("/reports")).items.map(({ mode }) => mode), ["silent", "photo_text"]);
  });
});

test("without a position the form says what to do instead, and the report goes", async () => {
  const phone = aPhone({ where: INSIDE });
  phone.allows.position = false;
  await on(phone, async (app) => {
    app.tap("我在不在服务范围内？");
    await eventually(() => app.words.includes("没有定位权限。写下地点就可以，不影响报警。"));
    app.tap("图文报警");
    app.tap("使用我的位置");
    await eventually(() => app.words.includes("没有定位权限"));
    app.tap("去设置里打开");
    assert.deepEqual(phone.opened, ["settings"]);
    app.write("在哪里？", "冶源镇邮局门口");
    app.tap("报警");
    await eventually(() => app.page === "incident");
    const [report] = (await asCitizen(phone)("/reports")).items;
    assert.ok(report.flags.includes("position-missing"));
    assert.equal(report.place.words, "冶源镇邮局门口");
  });
});

test("a refused camera is said, and words alone are enough", async () => {
  const phone = aPhone();
  phone.allows.camera = false;
  await on(phone, async (app) => {
    app.tap("图文报警");
    app.tap("添加");
    await eventually(() => app.words.includes("没有相机或相册权限。可以只用文字报警。"));
    app.write("发生了什么？", "拍不了照");
    app.tap("报警");
    await eventually(() => app.page === "incident");
  });
});

test("a phone number that WeChat does not give can be typed, and a wrong one is said", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await eventually(() => app.words.includes("留一个手机号？"));
    const button = app.elements((one) => one.tagName === "WX-BUTTON" && one.textContent.includes("用微信手机号"))[0];
    app.fire(button, "getphonenumber", { errMsg: "getPhoneNumber:fail user deny" });
    await eventually(() => app.words.includes("没有取得微信手机号。您可以手动填写，也可以不填。"));
    app.write("手机号", "12");
    app.tap("保存");
    await eventually(() => app.words.includes("手机号码不正确"));
    app.write("手机号", "139 0000 1234");
    app.tap("保存");
    await eventually(() => app.words.includes("已保存，谢谢。"));
    const { citizen } = await asCitizen(phone)("/session");
    assert.deepEqual([citizen.phone, citizen.phone_verified], ["+8613900001234", false]);
  });
});

test("the number WeChat gives is verified by the service", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await eventually(() => app.words.includes("留一个手机号？"));
    const button = app.elements((one) => one.tagName === "WX-BUTTON" && one.textContent.includes("用微信手机号"))[0];
    app.fire(button, "getphonenumber", { code: `phone-+8613900005678#${phone.name}` });
    await eventually(() => app.words.includes("已保存，谢谢。"));
    assert.equal((await asCitizen(phone)("/session")).citizen.phone_verified, true);
  });
});

test("a sign-in that WeChat does not give does not hide the number, and is tried again", async () => {
  const phone = aPhone();
  phone.allows.login = false;
  await on(phone, async (app) => {
    await eventually(() => app.words.includes("暂时连不上报警服务"));
    app.tap("图文报警");
    app.write("发生了什么？", "登录不上");
    app.tap("报警");
    await eventually(() => app.words.includes("已自动重试"));
    phone.allows.login = true;
    app.tap("现在重试");
    await eventually(() => app.page === "incident");
  });
});

test("a token that is refused is renewed by itself", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await eventually(() => phone.storage.has("instant110.session"));
    await eventually(() => app.data.county.includes("临朐"));
  });
  const session = JSON.parse(phone.storage.get("instant110.session"));
  phone.storage.set("instant110.session", JSON.stringify({ ...session, token: `${session.token}x` }));
  await on(phone, async (app) => {
    app.tap("图文报警");
    app.write("发生了什么？", "换了令牌");
    app.tap("报警");
    await eventually(() => app.page === "incident");
  });
});

test("a file that is none, and one too many, are said by themselves and spoil nothing", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    app.tap("图文报警");
    phone.photograph(Buffer.from("not a picture at all"), "image");
    phone.photograph(media("photo")[0], "image");
    app.tap("添加");
    await eventually(() => app.words.includes("有文件不能用") && app.words.includes("照片 1/9"));
    for (let i = 0; i < 9; i += 1) phone.photograph(media("photo")[1], "image");
    app.tap("添加");
    await eventually(() => app.words.includes("照片最多 9 张，多的没有加入。") && app.words.includes("照片 9/9"));
  });
});

test("whoever is barred reports as everybody does, and reads no word of it", async () => {
  const phone = aPhone({ name: process.env.INSTANT110_BARRED });
  await on(phone, async (app) => {
    app.tap("视频110");
    await eventually(() => app.page === "live" && app.data.source !== "");
    assert.doesNotMatch(app.words, NEVER_SHOWN);
    app.back();
    app.tap("图文报警");
    app.write("发生了什么？", "又来报警");
    app.tap("报警");
    await eventually(() => app.page === "incident" && app.data.shown);
    assert.match(app.words, /接警中心已收到您的报警/);
    assert.doesNotMatch(app.words, NEVER_SHOWN);
    const { caller } = await (await aDesk()).record(app.instance.incidentId);
    assert.equal(caller.standing, "barred", "the desk knows");
    app.tab("/pages/me/me");
    await eventually(() => app.words.includes("多次拨打骚扰电话"), "and she herself: why, until when, and where to object");
    assert.match(app.words, /您随时可以报警.*12389/);
    assert.doesNotMatch(app.words, NEVER_SHOWN);
  });
});

test("an empty report is asked about once, and can be sent as it is", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    app.tap("图文报警");
    app.tap("报警");
    assert.match(app.words, /写一句话或拍一张照片/);
    app.tap("就这样报警");
    await eventually(() => app.page === "incident");
  });
});

test("what was typed of oneself outlives another language and a look at the settings", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await eventually(() => phone.storage.has("instant110.session"));
    app.tab("/pages/me/me");
    app.write("姓名或称呼", "值班司机");
    app.tap("English");
    await eventually(() => app.words.includes("About me"));
    app.rest()();
    phone.answered = [];
    await eventually(() => phone.answered.includes("GET /session"));
    assert.equal(app.data.name, "值班司机");
    app.tap("Save");
    await eventually(async () => (await asCitizen(phone)("/session")).citizen.name === "值班司机");
  });
});

test("what is typed of oneself while it is being saved stays", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await eventually(() => phone.storage.has("instant110.session"));
    app.tab("/pages/me/me");
    phone.answered = [];
    await eventually(() => phone.answered.includes("GET /session"));
    app.write("姓名或称呼", "值班");
    app.tap("保存");
    app.write("姓名或称呼", "值班司机");
    await eventually(async () => (await asCitizen(phone)("/session")).citizen.name === "值班");
    await eventually(() => phone.answered.includes("PUT /session/profile"));
    phone.answered = [];
    app.rest()();
    await eventually(() => phone.answered.includes("GET /session"));
    assert.equal(app.data.name, "值班司机");
  });
});

test("in English every page speaks English", async () => {
  const phone = aPhone({ language: "en" });
  await on(phone, async (app) => {
    await eventually(() => app.words.includes("Linqu"));
    for (const name of ["entry/entry", "reports/reports", "me/me", "report/report"]) {
      if (app.page !== name.split("/")[0]) app.push(`/pages/${name}`);
      await eventually(() => app.data.w && Object.keys(app.data.w).length > 0);
      assert.doesNotMatch(app.words.replace(/中文|临朐/g, ""), /[\u4e00-\u9fff]/, name);
    }
  });
});
