/*
 * Runs before anything is painted: a silent report that is loaded again must not flash the page's own title and colours.
 * The title is that of `quiet.title` in the words, which are not loaded yet.
 */
if (location.hash === "#/n") {
  document.documentElement.classList.add("quiet");
  document.title = document.documentElement.lang.startsWith("zh") ? "记事" : "Notes";
}
