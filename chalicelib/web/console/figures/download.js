/** Saves the figures as a sheet: what the service sends is a file and no JSON. */

import { refusal, Unreachable } from "../../shared/api.js";

/** Asks for the sheet of these days and has the browser save it. Throws `Problem` or `Unreachable`. */
export async function saveSheet({ base, session, asked }) {
  const address = new URL("console/stats", base);
  address.search = new URLSearchParams({ ...asked, format: "csv" }).toString();
  let answer = await fetched(address, session);
  if (answer.status === 401 && (await session.renew())) answer = await fetched(address, session);
  if (!answer.ok) throw refusal(answer.status, await answer.json().catch(() => null));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `${asked.from}_${asked.to}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function fetched(address, session) {
  try {
    return await fetch(address, { cache: "no-store", headers: { Authorization: session.token() } });
  } catch (error) {
    throw new Unreachable(error);
  }
}
