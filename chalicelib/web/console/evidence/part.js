/** The evidence of an incident in its dock: what there is, what proves it, who looked at it, and the recording to play. */

import { fill, h, say, shown } from "../../shared/dom.js";
import { clock, fullTime, stopwatch } from "../../shared/time.js";
import { known, t } from "../../shared/words.js";
import { refusalWords } from "../refusals.js";
import { formatOf, sizeWords } from "../shown.js";
import { holdPart } from "./hold.js";
import { readManifest } from "./manifest.js";
import { recordingPlayer } from "./player.js";
import { stretchesOf } from "./stretches.js";

const LOOKED = new Set(["evidence.viewed", "evidence.exported"]);
const SHORT = 16;

/**
 * Makes the part; the player opens inside `over`. Reading the manifest is put on record, so it waits to be asked.
 * `send` and `withdraw` do and take back the hold, which is a commander's.
 */
export function evidencePart({ id, api, over, send, withdraw, commands }) {
  const hold = holdPart({ id, send, withdraw, commands });
  const list = h("div.evidence-list");
  const fault = h("p.refusal", { role: "alert" });
  const ask = h("button.button", { type: "button", "data-testid": "read-evidence", onclick: () => void read() }, t("evidence.read"));
  const element = h("section.evidence", { "data-testid": "evidence", aria: { label: t("dock.evidence") } }, h("div.evidence-ask", ask, h("p.muted", t("evidence.on_record"))), fault, list, hold.element);
  const player = recordingPlayer({ addresses, over });

  async function read() {
    ask.disabled = true;
    say(fault, "");
    try {
      await readManifest({ api, id, onPart: draw });
      say(ask, t("evidence.read_again"));
    } catch (error) {
      say(fault, refusalWords(error));
    } finally {
      ask.disabled = false;
    }
  }

  /* Addresses live for minutes: they are asked for when they are needed. */
  async function addresses({ from, to }) {
    const { items } = await api.get(`console/incidents/${id}/recording`, { after: from - 1 });
    return items.filter(({ seq }) => seq <= to).map(({ url }) => url);
  }

  function draw(manifest) {
    const stretches = stretchesOf(manifest.recording.filter(({ url }) => url));
    const erased = manifest.recording.filter(({ url }) => !url).length;
    fill(
      list,
      chainLine(manifest),
      block("evidence.recording", stretches.length, [...recordingLines(stretches, (index) => player.open(stretches, index)), ...erasedLine(erased)]),
      block("evidence.files", manifest.media.length, manifest.media.map(fileLine)),
      block("evidence.looked", 0, looksOf(manifest).map(lookLine)),
    );
  }

  return { element, show: hold.show };
}

function chainLine({ count, head, digests, positions, done }) {
  const days = digests.map(({ day }) => day).join("、");
  return h(
    "p.evidence-chain",
    h("strong", t(done ? "evidence.entries" : "evidence.reading", { count })),
    h("code", { title: head }, `${head.slice(0, SHORT)}…`),
    h("span.muted", days ? t("evidence.digests", { days }) : t("evidence.no_digest")),
    positions.length > 0 ? h("span.muted", t("evidence.positions", { count: positions.length })) : null,
  );
}

function block(word, count, lines) {
  return h("section.evidence-block", h("h4", t(word), count > 0 ? h("small", ` ${count}`) : null), lines.length > 0 ? h("ol", lines) : h("p.muted", t(`${word}.none`)));
}

function recordingLines(stretches, open) {
  return stretches.flatMap((stretch, index) => [
    stretch.gapMs > 0 ? h("li.evidence-gap", t("evidence.gap", { seconds: (stretch.gapMs / 1000).toFixed(1) })) : null,
    h(
      "li",
      h("button.button.small", { type: "button", "data-testid": "play", onclick: () => open(index) }, t("evidence.play")),
      h("span.digits", `${clock(stretch.startMs)} – ${clock(stretch.endMs)}`),
      h("span.muted.digits", t("evidence.pieces", { from: stretch.from, to: stretch.to, length: stopwatch(Math.round((stretch.endMs - stretch.startMs) / 1000)), size: sizeWords(stretch.bytes) })),
    ),
  ]).filter(Boolean);
}

function fileLine(file) {
  const refused = file.refused_because;
  return h(
    "li",
    h("span", t(`media.${file.kind}`)),
    h("span.muted.digits", `${formatOf(file)} · ${sizeWords(file.size_bytes)} · ${fullTime(file.checked_at ?? file.asked_at)}`),
    h("code", { title: file.sha256 }, `${file.sha256.slice(0, SHORT)}…`),
    refused ? h("span.muted", known(`refused.${refused}`) ? t(`refused.${refused}`) : refused) : null,
    !refused && !file.url && file.state === "accepted" ? h("span.muted", t("evidence.erased")) : null,
    file.url ? h("a.button.small", { href: file.url, target: "_blank", rel: "noopener" }, t("evidence.original")) : null,
  );
}

function erasedLine(count) {
  return count > 0 ? [h("li.muted", t("evidence.pieces_erased", { count }))] : [];
}

/* Who opened the evidence and took copies stands in the timeline; who saw files or recording, beside it. */
function looksOf({ timeline, looks }) {
  const told = timeline.filter(({ entry }) => LOOKED.has(entry.kind)).map(({ entry: { at, actor, kind } }) => ({ at, actor, word: `kind.${kind}` }));
  const seen = looks.map(({ at, actor, looked }) => ({ at, actor, word: `looked.${looked}` }));
  return [...told, ...seen].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function lookLine({ at, actor, word }) {
  return h("li", h("time.digits", { datetime: at }, fullTime(at)), h("span", `${t(`role.${actor.role}`)} ${actor.id}`), h("span.muted", t(word)));
}
