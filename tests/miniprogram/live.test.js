/** The live modes: filed here, entered in the web-view, and silent ones found nowhere again. */

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { aPhone, asCitizen, on, ready } = require("./harness/service.js");
const { attribute, eventually } = require("./harness/simulator.js");

const webView = (app) => app.elements((one) => one.tagName === "WX-WEB-VIEW")[0];

/** What the page is handed over, from the fragment of its address. */
function handed(app) {
  const [address, fragment] = attribute(webView(app), "src").split("#");
  assert.equal(address, `${ready.url}/`, "nothing stands in path or query");
  return Object.fromEntries(new URLSearchParams(fragment));
}

for (const [words, mode] of [["视频110", "video110"], ["语音", "voice"]])
  test(`${mode} is filed with one tap, then the page is entered by a code and never by the token`, async () => {
    const phone = aPhone();
    await on(phone, async (app) => {
      app.tap(words);
      await eventually(() => app.page === "live" && webView(app));
      const { code, call, mode: told, language } = handed(app);
      const [report] = (await asCitizen(phone)("/reports")).items;
      assert.deepEqual([call, told, language], [report.id, mode, "zh-CN"]);
      const { token } = JSON.parse(phone.storage.get("instant110.session"));
      assert.ok(!attribute(webView(app), "src").includes(token));
      const post = { method: "POST", body: JSON.stringify({ code }) };
      assert.equal((await fetch(`${ready.url}/session`, post)).status, 200, "the code signs in");
      assert.equal((await fetch(`${ready.url}/session`, post)).status, 401, "once");
    });
  });

test("a consult is entered, or booked and said when the office is closed", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    app.tap("枫桥在线");
    await eventually(() => app.page === "live" || (app.page === "incident" && app.data.shown));
    const [report] = (await asCitizen(phone)("/reports")).items;
    assert.equal(report.mode, "fengqiao");
    if (report.booked_for) assert.match(app.words, /已预约/);
    else assert.equal(app.page, "live");
  });
});

test("a page that does not open gives the number, another try, and writing", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    app.tap("视频110");
    await eventually(() => app.page === "live" && webView(app));
    app.fire(webView(app), "error", {});
    await eventually(() => app.words.includes("通话页面打不开"));
    app.tap("拨打 110");
    assert.equal(phone.rung.length, 1);
    app.tap("再试一次");
    await eventually(() => webView(app));
    app.fire(webView(app), "error", {});
    app.tap("用文字说明");
    await eventually(() => app.page === "incident" && app.words.includes("回到通话"));
    app.tap("回到通话");
    await eventually(() => app.page === "live" && webView(app));
  });
});

test("silent is neutral from its first moment, asks for nothing, and the phone keeps nothing of it", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    phone.online = false;
    app.tap("静音");
    assert.equal(app.page, "note");
    assert.equal(phone.title, "记事");
    await eventually(() => app.words === "没有网络，正在重试");
    phone.findNetwork();
    await eventually(() => webView(app));
    const { quiet, code } = handed(app);
    assert.ok(quiet && code);
    assert.equal(phone.locating, false, "no question was opened");
    assert.deepEqual([...phone.storage.values()].filter((kept) => kept.includes(quiet)), []);
    assert.equal(phone.storage.has("instant110.later"), false);
    phone.answered = [];
    app.back();
    await eventually(() => phone.answered.includes("GET /reports"));
    await eventually(() => app.data.county.includes("临朐"));
    assert.equal(app.data.going, null);
    app.tab("/pages/reports/reports");
    await eventually(() => app.words.includes("您还没有报过警"));
    app.push(`/pages/incident/incident?id=${quiet}`);
    await eventually(() => app.page === "entry");
  });
});

test("when the silent page does not open a few words can be tapped, and nothing of them stays", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    app.tap("静音");
    await eventually(() => webView(app));
    const { quiet } = handed(app);
    app.fire(webView(app), "error", {});
    await eventually(() => app.words.includes("有刀"));
    assert.doesNotMatch(app.words, /警|110/);
    app.tap("有刀");
    await eventually(async () => {
      const { timeline } = await asCitizen(phone)(`/reports/${quiet}`);
      return timeline.some(({ details }) => details.text === "有刀");
    });
    await eventually(() => app.words.startsWith("已送到"));
    assert.equal(phone.storage.has("instant110.messages"), false);
  });
});

test("a silent report that could not be sent is brought in at the next start, with nothing shown", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await eventually(() => phone.storage.has("instant110.session"));
    phone.online = false;
    app.tap("静音");
    await eventually(() => app.words === "没有网络，正在重试");
  });
  phone.online = true;
  await on(phone, async (app) => {
    await eventually(() => !phone.storage.has("instant110.later"));
    assert.equal(app.page, "entry");
    assert.equal((await asCitizen(phone)("/reports")).items[0].mode, "silent");
    phone.answered = [];
    app.call("goOn");
    await eventually(() => phone.answered.includes("GET /reports"));
    assert.equal(app.data.going, null);
  });
});
