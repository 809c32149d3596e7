/** What stands at a call's address: the call itself, the booked hour of a consult, or the way to where it belongs. */

import { fill, h } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { follow } from "../follow.js";
import { drawTabs, drawTop, sayNetwork } from "../frame.js";
import { activeLive, enterLive } from "./active.js";
import { showBooked } from "./booked.js";
import { callAddress } from "./modes.js";
import { showScreen } from "./screen.js";

/** Shows the call of a report; `leave(address)` when it is over, `live(mode)` to report in another way. Gives what stops it. */
export function showCall(view, incidentId, { leave, live }) {
  let stop = null;
  const known = activeLive();
  const enter = (mode) => (stop = showScreen(view, { incidentId, mode, leave }));
  if (known?.id === incidentId && known.mode !== "fengqiao") enter(known.mode);
  else stop = look();

  /* Whether a consult is booked, and what a report is that this tab does not know, the service says first. */
  function look() {
    drawTop({ title: t("frame.service"), back: "#/" });
    drawTabs(null);
    fill(view, h("p.muted", t("loading")));
    const onLost = (lost) => sayNetwork(lost ? t("network.lost") : null);
    const following = follow(incidentId, { onNews, onLost, onGone: () => leave("#/reports") });
    function onNews({ incident }) {
      following.stop();
      if (incident.booked_for) stop = showBooked(view, incident, { live, ready: () => (enterLive(incident), stop?.(), enter(incident.mode)) });
      else if (!callAddress(incident)) leave(incident.mode === "silent" ? "#/" : `#/reports/${incidentId}`);
      else {
        if (known?.id !== incidentId) enterLive(incident);
        enter(incident.mode);
      }
    }
    return () => (following.stop(), sayNetwork(null));
  }

  return () => stop?.();
}
