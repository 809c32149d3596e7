/** The console's few drawings, all in a 24 × 24 box. */

import { drawing } from "../shared/dom.js";

const PATHS = {
  video110: ["M3 7h11v10H3z", "M14 11l6-3.5v9L14 13"],
  fengqiao: ["M4 5h16v10H10l-4 4v-4H4z", "M8 9h8", "M8 12h5"],
  photo_text: ["M4 7h3l2-2.5h6L17 7h3v12H4z", "M12 16a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z"],
  silent: ["M5 10h3l4-4v12l-4-4H5z", "M16 9.5l5 5", "M21 9.5l-5 5"],
  voice: [
    "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4z",
    "M6.5 11.5a5.5 5.5 0 0 0 11 0",
    "M12 17v3",
  ],
  bell: ["M6 16v-5a6 6 0 0 1 12 0v5l1.5 2h-15z", "M10 20.5h4"],
  picture: ["M4 5h16v14H4z", "M4 16l5-5 4 4 2.5-2.5L20 17", "M15.5 9.5h.01"],
  film: ["M4 5h16v14H4z", "M10 9l5 3-5 3z"],
  link: ["M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1", "M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1"],
  copy: ["M9 9h10v11H9z", "M15 9V4H5v11h4"],
  pin: [
    "M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11z",
    "M12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  ],
  close: ["M6 6l12 12", "M18 6L6 18"],
  left: ["M15 5l-7 7 7 7"],
  right: ["M9 5l7 7-7 7"],
  turn: ["M19 12a7 7 0 1 1-2.2-5.1", "M19 4v4h-4"],
  plus: ["M12 5v14", "M5 12h14"],
  minus: ["M5 12h14"],
  whole: ["M4 9V4h5", "M20 9V4h-5", "M4 15v5h5", "M20 15v5h-5"],
  message: ["M4 5h16v11H10l-4 3.5V16H4z"],
  still: ["M12 8v5", "M12 16.5h.01", "M12 3.5l9.5 17h-19z"],
};

/** The drawing of that name. */
export function icon(name) {
  return drawing(...(PATHS[name] ?? PATHS.photo_text));
}
