/*
 * Runs before anything is painted: a silent report that is loaded again must not flash the page's own title and colours.
 * The titles are those of `quiet.title` in the words, which are not loaded yet.
 */
if (location.hash === "#/n") {
  document.documentElement.classList.add("quiet");
  document.title = localStorage.getItem("instant110.language") === "en" ? "Notes" : "记事";
}
