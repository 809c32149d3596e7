/** What passes between the citizen, the officers sent out and the desk, and, apart and yellow, what only staff may read. */

import { h, keep, say, shown, takeSent } from "../shared/dom.js";
import { clock, fullTime } from "../shared/time.js";
import { known, t } from "../shared/words.js";
import { drafted, keepDraft, keyFor, sent } from "./drafts.js";
import { readerChoice } from "./reader.js";
import { workForm } from "./form.js";

const MOST_MESSAGE = 2000;
const PHRASES = {
  any: ["received", "where", "safe", "coming"],
  app_only: ["hide", "hurt", "weapon", "beside", "coming_quietly"],
};

/** Makes the messages with the citizen; `send(verb, body, key)` does the call, `ready` are questions to ask at once. */
export function conversation({ id, send, ready = null }) {
  const lines = h("ol.lines", { role: "log", aria: { live: "polite", label: t("talk.label") }, tabindex: 0 });
  const empty = h("p.empty.muted", t("talk.empty"));
  const writer = composer({
    id,
    name: "message",
    word: "talk.write",
    send: (body, key) => send("messages", { ...body, ...reader.body() }, `${key}${reader.suffix()}`),
    label: t("talk.send"),
  });
  const reader = readerChoice({ onPick: (name) => writer.ask(t(name === "officers" ? "talk.write_officers" : "talk.write")) });
  const quiet = h("p.talk-quiet", t("talk.app_only"));
  const phrases = h("div.phrases");
  const closed = h("p.muted.talk-closed");
  const element = h(
    "section.talk",
    { aria: { label: t("talk.label") } },
    h("h3", t("talk.title"), h("kbd", "F4")),
    empty,
    lines,
    quiet,
    ready,
    phrases,
    reader.element,
    writer.element,
    closed,
  );

  function show({ incident, timeline, dispatches }, steps) {
    const messages = timeline.filter((entry) => entry.kind === "message.sent" || entry.kind === "officer.message");
    reader.show(steps.message && dispatches.some((one) => one.status !== "revoked"));
    shown(empty, messages.length === 0);
    keep(phrases, PHRASES[incident.contact], { keyOf: (name) => name, make: (name) => phrase(name, writer) });
    shown(quiet, incident.contact === "app_only" && steps.message);
    shown(writer.element, steps.message);
    shown(phrases, steps.message && (ready === null || ready.hidden));
    shown(closed, !steps.message);
    say(closed, t(incident.status === "closed" ? "talk.closed" : "talk.not_yours"));
    showLines(lines, messages, sideOf);
  }

  return { element, show, focus: writer.focus };
}

/** Makes the notes. */
export function notes({ id, send }) {
  const lines = h("ol.lines", { role: "log", aria: { live: "off", label: t("note.label") }, tabindex: 0 });
  const writer = composer({
    id,
    name: "note",
    word: "note.write",
    send: (body, key) => send("notes", body, key),
    label: t("note.send"),
  });
  const element = h(
    "section.notes",
    { aria: { label: t("note.label") } },
    h("h3", t("note.title"), h("kbd", "F6"), h("small", t("note.inner"))),
    lines,
    writer.element,
  );
  return {
    element,
    show: ({ timeline }) =>
      showLines(
        lines,
        timeline.filter((entry) => entry.kind === "note.written"),
        () => "note",
      ),
    focus: writer.focus,
  };
}

function phrase(name, writer) {
  return h("button.phrase", { type: "button", onclick: () => writer.add(t(`phrase.${name}`)) }, t(`phrase.${name}`));
}

function showLines(list, entries, sideOf) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const before = list.childElementCount;
  keep(list, entries, { keyOf: (entry) => entry.seq, make: (entry) => line(entry, sideOf(entry)) });
  shown(list, entries.length > 0);
  if (entries.length > before && (atEnd || before === 0)) list.scrollTop = list.scrollHeight;
}

function sideOf({ kind, actor }) {
  if (kind === "officer.message") return actor.role === "officer" ? "theirs officer" : "ours officer";
  return actor.role === "citizen" ? "theirs" : "ours";
}

function line(entry, side) {
  const who = whoOf(entry, side);
  const flags = (entry.details.flags ?? []).map((flag) => (known(`flag.${flag}`) ? t(`flag.${flag}`) : flag));
  return h(
    "li.line",
    { class: side },
    h(
      "p.line-head",
      h("span", who),
      h("time.digits", { datetime: entry.at, title: fullTime(entry.at) }, clock(entry.at)),
    ),
    h("p.line-text", entry.personal.text ?? t("timeline.erased")),
    flags.length > 0 ? h("p.line-flags", flags.join(" · ")) : null,
  );
}

function whoOf({ actor, details }, side) {
  if (side === "theirs") return t("role.citizen");
  if (side === "theirs officer") return t("talk.officer_line", { name: details.unit_name ?? "" });
  const writer = actor.id || t(`role.${actor.role}`);
  return side === "ours officer" ? `${writer} ${t("talk.to_officers_mark")}` : writer;
}

/* Enter sends, Shift+Enter breaks the line; while an input method composes, Enter belongs to it. */
function composer({ id, name, word, send, label }) {
  const text = drafted(
    h("textarea.input", {
      rows: 2,
      maxlength: MOST_MESSAGE,
      placeholder: t(word),
      aria: { label: t(word) },
      onkeydown: enter,
    }),
    id,
    name,
  );
  const form = workForm({ name, label, send: deliver }, text);

  async function deliver() {
    const body = { text: text.value.trim() };
    if (body.text === "") return;
    text.readOnly = true;
    try {
      await send(body, keyFor(id, name, body.text));
      takeSent(text, body.text); // A phrase may have been added meanwhile.
      sent(id, name);
      keepDraft(id, name, text.value);
    } finally {
      text.readOnly = false;
    }
  }

  function enter(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    void form.submitNow();
  }

  function add(words) {
    text.value = text.value === "" ? words : `${text.value} ${words}`;
    text.dispatchEvent(new Event("input"));
    text.focus();
  }

  function ask(words) {
    text.placeholder = words;
    text.setAttribute("aria-label", words);
  }

  return { element: form, add, ask, focus: () => text.focus() };
}
