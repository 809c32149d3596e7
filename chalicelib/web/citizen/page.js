/** The citizen's page: signs in, then shows the view the address names. */

import { passes } from "../shared/faults.js";
import { addWords, language, onLanguage, setLanguage, t } from "../shared/words.js";
import { h, fill } from "../shared/dom.js";
import { loadCounty } from "./county.js";
import { showForm } from "./form.js";
import { drawTop, ringLink } from "./frame.js";
import { takeHandedOver } from "./handover.js";
import { showHome } from "./home.js";
import { showIncident } from "./incident.js";
import { keptFiles } from "./kept_files.js";
import { activeLive, enterLive } from "./live/active.js";
import { showCall } from "./live/entry.js";
import { resumeQuietly } from "./live/leaving.js";
import { callAddress } from "./live/modes.js";
import { QUIET, darken, isQuiet, lighten } from "./live/quiet.js";
import { showSilent } from "./live/silent.js";
import { sendWaiting } from "./message_outbox.js";
import { putLiveInOutbox, waitingQuietly, waitingReport } from "./outbox.js";
import { restoreChosen } from "./picked.js";
import { newestPosition } from "./position.js";
import { showProfile } from "./profile.js";
import { showReports } from "./reports.js";
import { sendWaitingReports, showSending } from "./sending.js";
import { citizen, givePhone, onSignedOut, refreshCitizen, signIn } from "./session.js";
import { showSignIn } from "./signin.js";
import { sendAll, uploading } from "./uploads.js";
import { words } from "./words.js";

addWords(words);
document.documentElement.lang = language();

const SIGN_IN_TRIES = 10;
const SIGN_IN_AGAIN_MS = 1500;
const CODE_LIVES_MS = 5 * 60_000;
const view = document.getElementById("view");
let stop = null;
let shownAddress = null;

function draw() {
  if (!citizen() && isQuiet()) return null; // It never lights up; what is wrong the silent page says itself.
  stop?.();
  stop = null;
  const address = location.hash.replace(/^#\/?/, "");
  const [place, id] = address.split("/");
  if (!citizen()) return showSignIn(view, { done: signedIn });
  if (location.hash === QUIET && isQuietWanted()) return void (stop = showSilent(view));
  if (location.hash === QUIET) return location.replace("#/");
  lighten();
  if (waitingReport() && (place === "report" || place === "")) return sendReport(waitingReport());
  const draws = {
    report: () => showForm(view, { file: sendReport }),
    reports: () => (id ? showIncident(view, id) : showReports(view)),
    call: () => showCall(view, id, { leave: (to) => location.replace(to), live }),
    me: () => showProfile(view),
  };
  stop = (draws[place] ?? (() => showHome(view, { live })))() ?? null;
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
    filed: (incident, call) => {
      if (incident.mode === report.mode && callAddress(incident)) enterLive(incident, call);
      location.replace(callAddress(incident) ?? `#/reports/${incident.id}`);
    },
    back: () => goBack((report.mode ?? "photo_text") === "photo_text" ? "#/report" : "#/"),
  });
  arrive();
}

function goBack(address) {
  if (location.hash === address || (address === "#/" && location.hash === "")) draw();
  else location.replace(address);
}

/* One tap files the report, a second one goes on with it; what it needs permission for is asked once it is in. */
function live(mode) {
  if (mode === "silent") darken();
  const report = putLiveInOutbox(mode, newestPosition());
  if (mode === "silent") location.replace(QUIET);
  else sendReport(report);
}

function isQuietWanted() {
  return waitingQuietly() !== null || activeLive()?.mode === "silent";
}

/* What a thrown-away tab left behind goes on: files of filed reports, the draft's pictures, unsent reports and messages. */
async function resume() {
  const kept = await keptFiles(citizen().id);
  restoreChosen(kept.filter((record) => record.incidentId === null));
  for (const [incidentId, records] of grouped(kept))
    sendAll(
      incidentId,
      records.map((one) => ({ ...one, preview: URL.createObjectURL(one.file) })),
    );
  sendWaitingReports();
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

async function start(codes) {
  if (codes.quiet) return startHidden(codes);
  if (location.hash === QUIET && citizen() && isQuietWanted()) return startQuietly();
  lighten();
  drawTop(); // Below it stands still what citizen.html has: that the page is opening, and the number.
  const county = loadCounty();
  try {
    if (codes.login) await signIn(codes.login);
    await county;
  } catch (fault) {
    await county.catch(() => {});
    if (!citizen()) return showSignIn(view, { done: signedIn, fault });
  }
  if (!citizen()) return draw();
  if (codes.call) enterLive(codes.call);
  if (codes.phone) await givePhone({ code: codes.phone }).catch(() => {});
  refreshCitizen().catch(() => {});
  resumeQuietly();
  await resume();
  draw();
}

/* A silent page loaded again is dark from its first moment; everything else comes after. */
async function startQuietly() {
  draw();
  await goOnQuietly();
}

async function goOnQuietly() {
  await loadCounty().catch(() => {});
  await resume();
}

/* A silent report of the mini-program's: the dark page and its way out stand before anything is asked, and no sign-in form ever lights up. */
function startHidden({ login, quiet }) {
  const signInFirst = async (onTry) => {
    await signInUntilTaken(login, onTry);
    if (citizen()) void goOnQuietly();
    return citizen() !== null;
  };
  stop = showSilent(view, { handedOver: { id: quiet, signIn: signInFirst } });
}

/* Tried while trying helps. The page's own sign-in of before stands in where the code is of no use, or takes too long. */
async function signInUntilTaken(code, onTry) {
  const until = performance.now() + CODE_LIVES_MS;
  for (let tries = 1; citizen() ? tries <= SIGN_IN_TRIES : performance.now() < until; tries += 1) {
    try {
      return await signIn(code);
    } catch (fault) {
      if (!passes(fault)) return null;
      onTry(tries);
      await new Promise((done) => setTimeout(done, SIGN_IN_AGAIN_MS));
    }
  }
  return null;
}

/* Before anybody listens: a language that is handed over with a silent report must draw nothing. */
const codes = takeHandedOver();
onSignedOut(draw);
onLanguage(draw);
addEventListener("hashchange", draw);
addEventListener("beforeunload", (event) => uploading() && !isQuiet() && event.preventDefault());
start(codes).catch(() => isQuiet() || showFailed());

function showFailed() {
  fill(
    view,
    h(
      "section.card",
      h("p.notice.bad", t("problem.network")),
      h("button.button", { type: "button", onclick: () => location.reload() }, t("start.again")),
      ringLink(),
    ),
  );
}
