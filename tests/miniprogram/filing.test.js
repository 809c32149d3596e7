/** A report from the form to the evidence: with nine photos and three videos, and with a network that comes and goes. */

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { INSIDE, aDesk, aPhone, asCitizen, media, on } = require("./harness/service.js");
const { eventually } = require("./harness/simulator.js");

/** Opens the form and chooses everything there is to choose. */
async function fillIn(app, phone, text) {
  app.tap("图文报警");
  app.write("发生了什么？", text);
  for (const photo of media("photo")) phone.photograph(photo, "image");
  for (const video of media("video")) phone.photograph(video, "video");
  while (phone.album.length > 0) {
    const before = app.data.tiles.length;
    app.tap("添加");
    await eventually(() => app.data.tiles.length > before);
  }
}

async function allAccepted(phone, incidentId) {
  const record = await asCitizen(phone)(`/reports/${incidentId}`);
  return record.media.length === 12 && record.media.every(({ state }) => state === "accepted") ? record : null;
}

async function onlyReport(phone) {
  const { items } = await asCitizen(phone)("/reports");
  assert.equal(items.length, 1, "one report, however often it was sent");
  return items[0];
}

test("a report with nine photos, three videos and the position is filed, and all of it becomes evidence", async () => {
  const phone = aPhone({ where: INSIDE });
  await on(phone, async (app) => {
    await fillIn(app, phone, "两辆车相撞，有人受伤");
    assert.match(app.words, /照片 9\/9 · 视频 3\/3/);
    app.tap("使用我的位置");
    await eventually(() => app.words.includes("已附上您的位置，精确到约 20 米"));
    app.tap("报警");
    await eventually(() => app.page === "incident");
    const { id } = await onlyReport(phone);
    await eventually(() => allAccepted(phone, id), "all twelve accepted", 90);
    const desk = await aDesk();
    const { incident, media: files } = await desk.record(id);
    assert.equal(files.length, 12);
    assert.ok(Math.abs(incident.position.lng - INSIDE.longitude) > 0.003, "GCJ-02 was turned into WGS-84");
    await eventually(() => app.words.includes("已收到") && !app.words.includes("检查中"));
    assert.equal(phone.storage.has("instant110.files"), false, "nothing is left to send");
  });
});

test("a network lost in the middle of the files comes back: one incident, every file, each stored once", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await fillIn(app, phone, "路口打架");
    phone.onProgress = () => phone.sent.length >= 4 && phone.online && phone.loseNetwork();
    app.tap("报警");
    const told = /网络不稳，自动重试中|网络不通，正在自动重连/;
    await eventually(() => !phone.online && told.test(app.words), "it says that it tries again");
    await eventually(() => app.words.includes("网络不通，正在自动重连"), "it says that the network is gone");
    phone.onProgress = () => {};
    phone.findNetwork();
    const { id } = await onlyReport(phone);
    await eventually(() => allAccepted(phone, id), "all twelve accepted", 90);
  });
});

test("a report written without a network is kept, outlives the mini-program, and is sent under the same key", async () => {
  const phone = aPhone();
  phone.online = false;
  let key = "";
  await on(phone, async (app) => {
    await fillIn(app, phone, "有人落水");
    app.tap("报警");
    await eventually(() => app.words.includes("已自动重试 1 次"));
    assert.match(app.words, /拨打 110/);
    [{ key }] = JSON.parse(phone.storage.get("instant110.outbox"));
  });
  await on(phone, async (app) => {
    await eventually(() => app.words.includes("有一条报警正在发送"));
    phone.findNetwork();
    await eventually(() => !phone.storage.has("instant110.outbox"));
    const filings = phone.asked.filter(({ path }) => path === "/reports/photo-text");
    assert.deepEqual([...new Set(filings.map(({ header }) => header["Idempotency-Key"]))], [key]);
    assert.equal(new Set(filings.map(({ data }) => data)).size, 1, "and with the same body");
    const { id, text } = await onlyReport(phone);
    assert.equal(text, "有人落水");
    await eventually(() => allAccepted(phone, id), "all twelve accepted", 90);
  });
});

test("another report begun while one waits is sent beside it, and a second tap on the same one is no third", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await eventually(() => phone.storage.has("instant110.session"));
    phone.online = false;
    app.tap("图文报警");
    app.write("发生了什么？", "有人撬门");
    app.tap("报警");
    await eventually(() => app.words.includes("已自动重试 1 次"));
    for (let taps = 0; taps < 2; taps += 1) {
      app.tab("/pages/entry/entry");
      app.tap("视频110");
      await eventually(() => app.page === "sending" && app.words.includes("已自动重试"));
    }
    phone.findNetwork();
    await eventually(() => app.page === "live");
    await eventually(() => !phone.storage.has("instant110.outbox"));
    const { items } = await asCitizen(phone)("/reports");
    assert.deepEqual(items.map(({ mode }) => mode).sort(), ["photo_text", "video110"]);
  });
});

test("an answer that was lost on its way files no second report", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await eventually(() => phone.storage.has("instant110.session"));
    const ask = phone.fetch.bind(phone);
    let lost = 0;
    phone.fetch = async (url, ...rest) => {
      const answer = await ask(url, ...rest);
      if (!url.endsWith("/reports/photo-text") || lost++ > 0) return answer;
      throw new Error("net::ERR_CONNECTION_RESET");
    };
    app.tap("图文报警");
    app.write("发生了什么？", "店里进了贼");
    app.tap("报警");
    await eventually(() => app.page === "incident");
    assert.equal(lost, 2);
    await onlyReport(phone);
  });
});

test("a mini-program thrown away in the middle of its files goes on where it was", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await fillIn(app, phone, "山上起火");
    app.tap("报警");
    await eventually(() => phone.sent.length >= 3);
  });
  assert.ok(phone.storage.has("instant110.files"), "the rest is still to be sent");
  await on(phone, async () => {
    const { id } = await onlyReport(phone);
    await eventually(() => allAccepted(phone, id), "all twelve accepted", 90);
  });
});

test("the draft, its pictures and what was chosen are there again after the mini-program was closed", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await fillIn(app, phone, "楼上吵架");
    app.tap("不要回电");
  });
  await on(phone, async (app) => {
    app.tap("图文报警");
    assert.equal(app.data.draft.text, "楼上吵架");
    assert.equal(app.data.draft.callback_allowed, false);
    assert.match(app.words, /照片 9\/9 · 视频 3\/3/);
    assert.match(app.words, /我们不会给您打电话、发短信/);
  });
});

test("a store that says no is no success, though WeChat calls it one: a fresh signature is asked for", async () => {
  const phone = aPhone();
  let spoiled = 0;
  phone.alters = (field, value) => (field === "key" && spoiled++ < 2 ? `${value}0` : value);
  await on(phone, async (app) => {
    await fillIn(app, phone, "有人砸车");
    app.tap("报警");
    await eventually(() => phone.sent.some(({ status }) => status >= 400), "the store refused");
    const { id } = await onlyReport(phone);
    await eventually(() => allAccepted(phone, id), "all twelve accepted", 90);
    assert.deepEqual([...new Set(phone.sent.map(({ status }) => status))].sort(), [201, 403]);
  });
});

test("the phone's own files are tidied away once they are in", async () => {
  const { readdirSync } = require("node:fs");
  const phone = aPhone();
  await on(phone, async (app) => {
    await fillIn(app, phone, "有人翻墙");
    assert.equal(readdirSync(`${phone.folder}/usr`).length, 12);
    app.tap("报警");
    await eventually(() => readdirSync(`${phone.folder}/usr`).length === 0, "all copies gone", 90);
  });
});
