/** Says in plain words why something was not done. */

import { Problem, Unreachable } from "../shared/api.js";
import { StoreRefused, UploadInterrupted } from "../shared/upload.js";
import { known, t } from "../shared/words.js";

/** One sentence for any error that work can end in; names who holds an incident and how it stands when the service says so. */
export function refusalWords(error) {
  if (error instanceof Unreachable || error instanceof UploadInterrupted) return t("refusal.unreachable");
  if (error instanceof StoreRefused) return t("refusal.store", { code: error.code, status: error.status });
  if (!(error instanceof Problem)) return unforeseen(error);
  const facts = {
    call_taker: error.facts.call_taker_id ?? t("queue.nobody"),
    status: known(`status.${error.facts.incident_status}`) ? t(`status.${error.facts.incident_status}`) : "",
    field: known(`field.${error.facts.field}`) ? t(`field.${error.facts.field}`) : (error.facts.field ?? ""),
  };
  for (const key of [`refusal.${error.type}`, `problem.${error.type}`]) if (known(key)) return t(key, facts);
  if (error.status === 401) return t("refusal.signed-out");
  return t("refusal.other", { title: error.message, status: error.status });
}

/* A fault of our own is said like any other, and stays one that the page reports. */
function unforeseen(error) {
  reportError(error);
  return t("problem.unexpected");
}
