/** Starts the console: the county, the sign-in, then the desk. */

import { connect } from "../shared/api.js";
import "../shared/call/words.js";
import { fill, h } from "../shared/dom.js";
import { passes } from "../shared/faults.js";
import { addWords, language, t } from "../shared/words.js";
import { makeBell } from "./bell.js";
import { CALL_WORDS } from "./call/words.js";
import { DUTY_WORDS } from "./duty/words.js";
import { STANDING_WORDS } from "./standing/words.js";
import { incidentBoard } from "./board.js";
import { openDesk } from "./desk.js";
import { figuresView } from "./figures/view.js";
import { ERASING_WORDS } from "./erasing/words.js";
import { EVIDENCE_WORDS } from "./evidence/words.js";
import { FIGURE_WORDS } from "./figures/words.js";
import { FINDING_WORDS } from "./finding/words.js";
import { rosterPage } from "./roster.js";
import { staffSession } from "./session.js";
import { signIn } from "./signin.js";
import { WATCH_WORDS } from "./watch/words.js";
import { CONSOLE_WORDS } from "./words.js";

const AGAIN_MS = 1000;
const base = document.baseURI;
const place = document.getElementById("console");
const bell = makeBell();
const session = staffSession({ base, onLost: lost });
const board = incidentBoard(session.username);
const api = connect({ base, headers: () => ({ Authorization: session.token() }), renew: session.renew });
let entrance = null;
let desk = null;

addWords(CONSOLE_WORDS);
addWords(CALL_WORDS);
addWords(WATCH_WORDS);
addWords(DUTY_WORDS);
addWords(STANDING_WORDS);
addWords(FIGURE_WORDS);
addWords(EVIDENCE_WORDS);
addWords(FINDING_WORDS);
addWords(ERASING_WORDS);
document.documentElement.lang = language();
document.title = t("console.title");
fill(place, h("p.starting", t("line.connecting")));
/* After a reload the first touch of the page may let the bell sound again. */
for (const gesture of ["pointerdown", "keydown"])
  document.addEventListener(gesture, () => session.active() && !bell.unlocked() && void bell.unlock());
void start();

async function start() {
  const county = await answered(() => api.get("county"));
  entrance = signIn({
    session,
    bell,
    county,
    onReady: (state) => void enter(county, state),
    onAgain: () => desk.signedInAgain(),
  });
  if (session.active()) await enter(county);
  else entrance.first();
}

async function enter(county, state = null) {
  if (!session.sits()) return keepLists(county);
  const seat = await heldSeat(state);
  const types = await answered(() => api.get("console/types"));
  desk = openDesk({ place, base, api, session, board, bell, county, types: types.items, held: seat });
}

/* An administrator has no seat and no queue: only the lists and the figures. */
function keepLists(county) {
  const figures = figuresView({ api, base, session });
  fill(place, h("div.lists", rosterPage({ api, session, county, onSignOut: leave, onFigures: figures.toggle }), figures.element));
}

function leave() {
  session.forget();
  location.reload();
}

/* The seat as it was before, in the state just chosen; one that was off is ready again, because somebody sits there. */
async function heldSeat(state) {
  const { seat } = await answered(() => api.get("console/seat"));
  const before = seat && seat.state !== "off" ? seat.state : "ready";
  return { state: state ?? before, ...(seat?.department_id ? { department_id: seat.department_id } : {}) };
}

function lost() {
  if (desk !== null) return entrance.again();
  leave();
}

async function answered(call) {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!passes(error)) throw error;
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }
}
