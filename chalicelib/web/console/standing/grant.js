/** The band over a live report whose video is withheld, and the one tap that opens it. */

import { h, shown } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { workForm } from "../form.js";
import { icon } from "../icons.js";

/** Makes the band; `send(verb, body)` does the call. */
export function grantBand({ send }) {
  const grant = workForm({ name: "grant-live", label: t("live.grant"), send: () => send("grant-live", {}) });
  const first = h("span.muted", t("live.withheld.first"));
  const element = h(
    "section.withheld",
    { hidden: true, "data-testid": "withheld" },
    icon("video110"),
    h("p", t("live.withheld"), " ", first),
    grant,
  );
  return {
    element,
    show({ incident }, steps) {
      shown(element, incident.live_withheld && incident.status !== "closed");
      shown(grant, steps.grant);
      shown(first, !steps.grant);
    },
  };
}
