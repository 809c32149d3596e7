/*
 * Runs before anything is painted: a silent report that is loaded again, or handed over, must not flash the page's own title and colours.
 * The titles are those of `quiet.title` in the words, which are not loaded yet.
 */
const handedOver = new URLSearchParams(location.hash.slice(1));
if (location.hash === "#/n" || handedOver.has("quiet")) {
  document.documentElement.classList.add("quiet");
  document.title = (handedOver.get("language") ?? localStorage.getItem("instant110.language")) === "en" ? "Notes" : "记事";
}
