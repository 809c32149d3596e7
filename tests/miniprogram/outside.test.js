/** Out of the county: said before it is tapped, asked once, taken all the same when the citizen says so. */

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { INSIDE, OUTSIDE, aPhone, asCitizen, on } = require("./harness/service.js");
const { eventually } = require("./harness/simulator.js");

test("home says where one is, and outside gives the notice, the number to ring and the number to text", async () => {
  const phone = aPhone({ where: INSIDE });
  await on(phone, async (app) => {
    app.tap("我在不在服务范围内？");
    await eventually(() => app.words.includes("您在服务范围内"));
  });
  phone.where = OUTSIDE;
  await on(phone, async (app) => {
    await eventually(() => app.words.includes("您可能不在我们的辖区内"));
    assert.ok(app.data.where.notice.length > 10, "the county's own notice");
    app.tap(app.data.where.text);
    assert.equal(phone.texted[0].phoneNumber, app.data.where.textNumber);
  });
});

test("in English the notice is English, on home and in the question", async () => {
  const phone = aPhone({ where: OUTSIDE, settings: { "scope.userLocation": true }, language: "en" });
  await on(phone, async (app) => {
    await eventually(() => app.words.includes("You are outside Linqu County."));
    app.tap("Voice");
    await eventually(() => app.page === "sending" && app.words.includes("You are outside Linqu County."));
    assert.doesNotMatch(app.words, /[\u4e00-\u9fff]/);
  });
});

test("a report from outside is asked about once and then filed under the same key", async () => {
  const phone = aPhone({ where: OUTSIDE, settings: { "scope.userLocation": true } });
  await on(phone, async (app) => {
    app.tap("图文报警");
    app.write("发生了什么？", "家里老人走失，人在辖区");
    await eventually(() => app.data.outside !== "");
    app.tap("报警");
    await eventually(() => app.words.includes("如果事情发生在我们辖区"));
    app.tap("拨打 110");
    assert.equal(phone.rung[0].phoneNumber, "110");
    app.tap("仍要报警");
    await eventually(() => app.page === "incident");
    const { items } = await asCitizen(phone)("/reports");
    assert.equal(items.length, 1);
    assert.ok(items[0].flags.includes("outside-jurisdiction"));
    const keys = phone.asked.filter(({ path }) => path === "/reports/photo-text").map(({ header }) => header["Idempotency-Key"]);
    assert.equal(keys.length, 2);
    assert.equal(new Set(keys).size, 1);
  });
});

test("whoever goes back from the question finds what was written, and nothing was filed", async () => {
  const phone = aPhone({ where: OUTSIDE, settings: { "scope.userLocation": true } });
  await on(phone, async (app) => {
    app.tap("图文报警");
    app.write("发生了什么？", "车被刮了");
    await eventually(() => app.data.outside !== "");
    app.tap("报警");
    await eventually(() => app.words.includes("返回修改"));
    app.tap("返回修改");
    assert.equal(app.page, "report");
    assert.equal(app.data.draft.text, "车被刮了");
    assert.deepEqual((await asCitizen(phone)("/reports")).items, []);
  });
});

test("a live report from outside is asked about too, and a silent one never", async () => {
  const phone = aPhone({ where: OUTSIDE, settings: { "scope.userLocation": true } });
  await on(phone, async (app) => {
    await eventually(() => app.data.where && app.data.where.verdict === "outside");
    app.tap("视频110");
    await eventually(() => app.words.includes("仍要报警"));
    app.tap("返回");
    assert.equal(app.page, "entry");
    await eventually(() => app.data.where && app.data.where.verdict === "outside");
    app.tap("静音");
    await eventually(() => app.page === "note" && app.data.source !== "");
    assert.equal((await asCitizen(phone)("/reports")).items[0].mode, "silent");
  });
});
