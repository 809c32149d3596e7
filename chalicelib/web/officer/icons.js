/** The drawings of the officer's page: 24 × 24, one stroke. */

import { drawing } from "../shared/dom.js";

const PATHS = {
  navigate: ["M12 3 5 20.5l7-3.5 7 3.5z"],
  phone: [
    "M6 3.500h3l1.500 4.500-2 1.500a11 11 0 0 0 6 6l1.500-2 4.500 1.500v3a2 2 0 0 1-2.200 2A16.500 16.500 0 0 1 4 5.700 2 2 0 0 1 6 3.500",
  ],
  warning: ["M12 4 2.800 19.500h18.400z", "M12 10v4.500", "M12 17v.1"],
  mute: ["M4 9.5v5h3.500L12 18.500v-13L7.500 9.500z", "m16 9.500 5 5", "m21 9.500-5 5"],
  place: [
    "M12 21s7-6.200 7-11.500a7 7 0 0 0-14 0C5 14.800 12 21 12 21",
    "M12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5",
  ],
  check: ["m5 12.500 4.500 4.500L19 7.500"],
  note: ["M5 4h14v11l-5 5H5z", "M14 20v-5h5", "M8.500 8.500h7", "M8.500 12h4"],
  video: [
    "M3 7.5A1.5 1.5 0 0 1 4.5 6h9A1.5 1.5 0 0 1 15 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 3 16.5z",
    "m15 10.5 6-3.5v10l-6-3.5",
  ],
  minus: ["M5 12h14"],
  plus: ["M12 5v14", "M5 12h14"],
};

/** One drawing by its name. */
export function icon(name) {
  return drawing(...PATHS[name]);
}
