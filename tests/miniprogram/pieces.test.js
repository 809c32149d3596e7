/** The parts that are computed here and nowhere else. */

const assert = require("node:assert/strict");
const { createHash, randomBytes } = require("node:crypto");
const { test } = require("node:test");
const { aPhone, asCitizen, media, on } = require("./harness/service.js");
const { eventually } = require("./harness/simulator.js");
const { sha256Of } = require("../../miniprogram/report/sha256.js");
const { kindOf } = require("../../miniprogram/report/file_kind.js");

test("our SHA-256 is the standard's, at every length around a block's and a piece's end", async () => {
  for (const size of [0, 1, 55, 56, 63, 64, 65, 119, 127, 128, 129, 1000, 4096, 70001]) {
    const content = randomBytes(size);
    const read = (from, length) => content.buffer.slice(content.byteOffset + from, content.byteOffset + from + length);
    assert.equal(await sha256Of(size, 128, read), createHash("sha256").update(content).digest("hex"), `${size} bytes`);
  }
});

test("a phone whose WeChat cannot digest a file sends it all the same", async () => {
  const phone = aPhone();
  phone.allows.digests = false;
  await on(phone, async (app) => {
    app.tap("图文报警");
    phone.photograph(media("photo")[0], "image");
    app.tap("添加");
    await eventually(() => app.data.tiles.length === 1);
    app.tap("报警");
    await eventually(() => app.page === "incident");
    const accepted = async () => (await asCitizen(phone)(`/reports/${app.instance.incidentId}`)).media[0]?.state === "accepted";
    await eventually(accepted, "the service counts the same digest");
  });
});

test("a file is what its first bytes say", () => {
  const head = (letters) => Uint8Array.from(letters.padEnd(64, "\0"), (letter) => letter.charCodeAt(0)).buffer;
  const type = (letters) => kindOf(head(letters))?.contentType ?? null;
  assert.equal(type("\xff\xd8\xff\xe0"), "image/jpeg");
  assert.equal(type("\x89PNG\r\n\x1a\n"), "image/png");
  assert.equal(type("RIFF\0\0\0\0WEBPVP8 "), "image/webp");
  assert.equal(type("\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "image/heic");
  assert.equal(type("\0\0\0\x18ftypmif1\0\0\0\0mif1avif"), null);
  assert.equal(type("\0\0\0\x14ftypqt  \0\0\0\0qt  "), "video/quicktime");
  assert.equal(type("\0\0\0\x18ftypisom\0\0\0\0isommp42"), "video/mp4");
  assert.equal(type("GIF89a"), null);
});
