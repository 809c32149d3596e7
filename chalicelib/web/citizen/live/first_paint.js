/*
 * Runs before anything is painted: a silent report that is loaded again, or handed over, must not flash the page's own title and colours,
 * and everybody else sees the number to ring while the rest is still on its way. It stays hidden unless it is shown here: on the silent
 * page never. The words are those of `quiet.title`, `loading` and `ring` in the words, which are not loaded yet.
 */
const handedOver = new URLSearchParams(location.hash.slice(1));
if (location.hash === "#/n" || handedOver.has("quiet")) {
  document.documentElement.classList.add("quiet");
  document.title = isEnglish() ? "Notes" : "记事";
} else {
  document.addEventListener("readystatechange", showNumber, { once: true });
}

function showNumber() {
  const opening = document.querySelector(".opening");
  if (isEnglish()) ["Opening…", "Call 110"].forEach((words, place) => (opening.children[place].textContent = words));
  opening.hidden = false;
}

function isEnglish() {
  try {
    return (handedOver.get("language") ?? localStorage.getItem("instant110.language")) === "en";
  } catch {
    return false;
  }
}
