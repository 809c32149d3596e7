/** The citizen's page: signs in, then shows the view the address names. */

import { addWords, language, onLanguage, setLanguage, t } from "../shared/words.js";
import { h, fill } from "../shared/dom.js";
import { loadCounty } from "./county.js";
import { showForm } from "./form.js";
import { drawTop, ringLink } from "./frame.js";
import { showHome } from "./home.js";
import { showIncident } from "./incident.js";
import { keptFiles } from "./kept_files.js";
import { sendWaiting } from "./message_outbox.js";
import { waitingReport } from "./outbox.js";
import { restoreChosen } from "./picked.js";
import { showProfile } from "./profile.js";
import { showReports } from "./reports.js";
import { showSending } from "./sending.js";
import { citizen, givePhone, onSignedOut, refreshCitizen, signIn } from "./session.js";
import { showSignIn } from "./signin.js";
import { sendAll, uploading } from "./uploads.js";
import { words } from "./words.js";

addWords(words);
document.documentElement.lang = language();

const view = document.getElementById("view");
let stop = null;
let shownAddress = null;

/* Codes are taken out of the address before anything else runs, so that no history or screenshot keeps them. */
function takeCodes() {
  const given = new URLSearchParams(location.hash.slice(1));
  const codes = { login: given.get("code"), phone: given.get("phone_code") };
  if (codes.login || codes.phone) history.replaceState(null, "", `${location.pathname}${location.search}#/`);
  return codes;
}

function draw() {
  stop?.();
  stop = null;
  const address = location.hash.replace(/^#\/?/, "");
  const [place, id] = address.split("/");
  if (!citizen()) return showSignIn(view, { done: signedIn });
  if (waitingReport() && (place === "report" || place === "")) return sendReport(waitingReport());
  const draws = {
    report: () => showForm(view, { file: sendReport }),
    reports: () => (id ? showIncident(view, id) : showReports(view)),
    me: () => showProfile(view),
  };
  stop = (draws[place] ?? (() => showHome(view)))() ?? null;
  if (address !== shownAddress) arrive();
  shownAddress = address;
}

/* A new view starts at its top, for eyes and for readers. */
function arrive() {
  scrollTo(0, 0);
  view.focus({ preventScroll: true });
}

function sendReport(report) {
  stop?.();
  stop = null;
  showSending(view, report, {
    filed: (incident) => location.replace(`#/reports/${incident.id}`),
    back: () => (location.hash === "#/report" ? draw() : location.replace("#/report")),
  });
  arrive();
}

/* What a thrown-away tab left behind goes on: files of filed reports, the draft's pictures, unsent messages. */
async function resume() {
  const kept = await keptFiles(citizen().id);
  restoreChosen(kept.filter((record) => record.incidentId === null));
  for (const [incidentId, records] of grouped(kept))
    sendAll(
      incidentId,
      records.map((one) => ({ ...one, preview: URL.createObjectURL(one.file) })),
    );
  sendWaiting();
}

function grouped(kept) {
  const groups = new Map();
  for (const record of kept)
    if (record.incidentId) groups.set(record.incidentId, [...(groups.get(record.incidentId) ?? []), record]);
  return groups;
}

async function signedIn() {
  const own = citizen().language;
  if (own && own !== language() && own === "en") setLanguage(own);
  await resume();
  draw();
}

async function start() {
  const codes = takeCodes();
  drawTop();
  fill(view, h("p.muted", t("loading")));
  const county = loadCounty();
  try {
    if (codes.login) await signIn(codes.login);
    await county;
  } catch (fault) {
    await county.catch(() => {});
    if (!citizen()) return showSignIn(view, { done: signedIn, fault });
  }
  if (!citizen()) return draw();
  if (codes.phone) await givePhone({ code: codes.phone }).catch(() => {});
  refreshCitizen().catch(() => {});
  await resume();
  draw();
}

onSignedOut(draw);
onLanguage(draw);
addEventListener("hashchange", draw);
addEventListener("beforeunload", (event) => uploading() && event.preventDefault());
start().catch(() =>
  fill(
    view,
    h(
      "section.card",
      h("p.notice.bad", t("problem.network")),
      h("button.button", { type: "button", onclick: () => location.reload() }, t("start.again")),
      ringLink(),
    ),
  ),
);
