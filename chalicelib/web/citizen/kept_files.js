/**
 * Keeps chosen files in IndexedDB until the store has them, so that a tab thrown away in mid-upload loses no picture.
 *
 * A help and not a promise: where the browser keeps nothing (private windows, full disks) or never answers (WebKit's does that) every call
 * still settles.
 */

const STORE = "files";
const PATIENCE_MS = 2000;
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("instant110", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    setTimeout(() => reject(new Error("no answer")), PATIENCE_MS);
  });
  return opened;
}

async function work(mode, act) {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } catch {
    return undefined;
  }
}

/** Keeps a file: `{key, citizenId, incidentId|null, kind, contentType, name, file}`; null stands for the draft. */
export function keepFile(record) {
  return work("readwrite", (store) => store.put(record));
}

/** Forgets one file. */
export function dropFile(key) {
  return work("readwrite", (store) => store.delete(key));
}

/** The files kept for one citizen; those of anybody else on this device are forgotten. */
export async function keptFiles(citizenId) {
  const all = (await work("readonly", (store) => store.getAll())) ?? [];
  for (const record of all) if (record.citizenId !== citizenId) dropFile(record.key);
  return all.filter((record) => record.citizenId === citizenId);
}

/** Forgets everything (signing out). */
export function dropAllFiles() {
  return work("readwrite", (store) => store.clear());
}
