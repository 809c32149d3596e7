/** One's own report, followed to its end and beyond it. */

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { INSIDE, aDesk, aPhone, asCitizen, media, on } = require("./harness/service.js");
const { attribute, eventually } = require("./harness/simulator.js");

async function reported(app, text) {
  app.tap("图文报警");
  app.write("发生了什么？", text);
  app.tap("报警");
  await eventually(() => app.page === "incident" && app.data.shown);
  return app.instance.incidentId;
}

test("a report is followed from received to closed, with the words of both sides", async () => {
  const phone = aPhone();
  const desk = await aDesk();
  await on(phone, async (app) => {
    const id = await reported(app, "路上有人打架");
    assert.match(app.words, /接警中心已收到您的报警/);
    assert.doesNotMatch(app.words, /还没有人接手/);
    Object.assign(app.instance.record.incident, { created_at: new Date(Date.now() - 21000).toISOString() });
    app.instance.draw();
    assert.match(app.words, /还没有人接手。不想等，请直接拨打：拨打 110/);
    await desk.work(id, "answer");
    await eventually(() => !app.words.includes("还没有人接手"));
    await eventually(() => app.words.includes("接警员正在处理"));
    await desk.work(id, "messages", { text: "伤者清醒吗？" });
    await eventually(() => app.words.includes("伤者清醒吗？"));
    app.write("写给接警员…", "清醒，手臂流血");
    app.tap("发送");
    await eventually(async () => (await desk.record(id)).timeline.some(({ personal }) => personal.text === "清醒，手臂流血"));
    await eventually(() => !app.words.includes("发送中…"));
    assert.equal(app.words.split("清醒，手臂流血").length, 2, "shown once");
    await desk.work(id, "close", { disposition: "resolved" });
    await eventually(() => app.words.includes("民警已经处置完毕"));
    app.back();
    app.tab("/pages/reports/reports");
    await eventually(() => app.words.includes("路上有人打架") && app.words.includes("已办结"));
  });
});

test("what is written after the end goes on as a linked report, and the page goes there and says so", async () => {
  const phone = aPhone();
  const desk = await aDesk();
  await on(phone, async (app) => {
    const id = await reported(app, "邻居吵架");
    await desk.work(id, "answer");
    await desk.work(id, "close", { disposition: "advised" });
    await eventually(() => app.words.includes("接警员已经答复您"));
    app.write("写给接警员…", "他们又吵起来了");
    app.tap("发送");
    await eventually(() => app.instance.incidentId !== id && app.words.includes("原来的报警已办结"));
    const [later] = (await asCitizen(phone)("/reports")).items;
    assert.equal(later.linked_to, id);
    await desk.work(later.id, "answer");
    await desk.work(later.id, "close", { disposition: "advised" });
  });
});

test("a picture added later, and one added after the end, both come in", async () => {
  const phone = aPhone();
  const desk = await aDesk();
  await on(phone, async (app) => {
    const id = await reported(app, "树倒在路上");
    phone.photograph(media("photo")[0], "image");
    app.tap("添加照片或视频");
    await eventually(async () => (await desk.record(id)).media.some(({ state }) => state === "accepted"), "the first is in");
    await desk.work(id, "answer");
    await desk.work(id, "close", { disposition: "resolved" });
    await eventually(() => app.words.includes("民警已经处置完毕"));
    phone.photograph(media("photo")[1], "image");
    app.tap("添加照片或视频");
    await eventually(() => app.instance.incidentId !== id);
    const later = app.instance.incidentId;
    await eventually(async () => (await desk.record(later)).media.some(({ state }) => state === "accepted"), "the second is in");
    await eventually(() => app.elements((one) => one.tagName === "WX-IMAGE").length === 1);
    await desk.work(later, "answer");
    await desk.work(later, "close", { disposition: "resolved" });
  });
});

test("where one is goes to the open report after a tap, in batches named as GCJ-02, and stops with it", async () => {
  const phone = aPhone({ where: INSIDE });
  const desk = await aDesk();
  await on(phone, async (app) => {
    const id = await reported(app, "有人跟着我");
    assert.equal(phone.locating, false, "nothing is asked for by itself");
    phone.allows.position = false;
    app.tap("使用我的位置");
    await eventually(() => app.words.includes("没有定位权限。写下地点就可以"));
    phone.allows.position = true;
    app.tap("使用我的位置");
    await eventually(() => app.words.includes("您的位置会同步给接警员"));
    const batches = () => phone.asked.filter(({ path }) => path === `/reports/${id}/positions`).map(({ data }) => JSON.parse(data).points);
    await eventually(() => batches().length > 0);
    const [[first]] = batches();
    assert.equal(first.crs, "gcj02");
    assert.deepEqual(Object.keys(first).sort(), ["accuracy_m", "at", "crs", "lat", "lng"]);
    assert.ok(batches().every((points) => points.length <= 10));
    const track = await eventually(async () => {
      const { items } = await desk.get(`/console/incidents/${id}/positions`);
      return items.length > 0 && items;
    });
    assert.ok(track.every(({ lng }) => Math.abs(lng - INSIDE.longitude) > 0.003), "as WGS-84");
    await desk.work(id, "answer");
    await desk.work(id, "close", { disposition: "advised" });
    await eventually(() => app.words.includes("接警员已经答复您"));
    assert.equal(phone.locating, false);
  });
});

test("near a published event one is asked whether it is the same, and that somebody is hurt is said with one tap", async () => {
  const here = { latitude: 36.2 + Math.random() / 20, longitude: 118.55 + Math.random() / 20, accuracy: 20 };
  const phone = aPhone({ where: here, settings: { "scope.userLocation": true } });
  const commander = await aDesk("commander1");
  const published = await commander.post("/console/events", {
    kind: "fire",
    name: "山坡起火",
    centre: { lat: here.latitude, lng: here.longitude, crs: "gcj02" },
    radius_m: 300,
    expires_at: new Date(Date.now() + 600000).toISOString(),
  });
  await on(phone, async (app) => {
    await eventually(() => app.data.where);
    const id = await reported(app, "看到浓烟");
    await eventually(() => app.words.includes("附近已知：山坡起火"));
    app.tap("是同一件事");
    await eventually(() => app.words.includes("已记下：是同一件事。您的报警仍在处理。"));
    app.tap("有人受伤");
    await eventually(() => app.words.includes("已加急"));
    assert.equal((await commander.record(id)).incident.priority, 1);
  }).finally(() => commander.remove(`/console/events/${published.id}`));
});

test("the background stops the following, and coming back goes on with it", async () => {
  const phone = aPhone();
  const desk = await aDesk();
  await on(phone, async (app) => {
    const id = await reported(app, "门口有可疑车辆");
    const comeBack = app.rest();
    const asked = phone.asked.length;
    await desk.work(id, "answer");
    await new Promise((done) => setImmediate(done));
    assert.equal(phone.asked.length, asked);
    comeBack();
    await eventually(() => app.words.includes("接警员正在处理"));
    await desk.work(id, "close", { disposition: "advised" });
  });
});

test("each field says what it is to those who cannot see", async () => {
  const phone = aPhone();
  await on(phone, async (app) => {
    await reported(app, "有人敲门");
    const fields = app.elements((one) => /^WX-(INPUT|TEXTAREA)$/.test(one.tagName));
    assert.ok(fields.length > 0 && fields.every((one) => attribute(one, "aria-label")));
  });
});
