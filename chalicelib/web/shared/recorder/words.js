/** The words of the recorder: what stands in a recorded picture while it stalls. */

import { addWords } from "../words.js";

addWords({
  "zh-CN": {
    "recorder.stalled": "画面中断",
  },
  en: {
    "recorder.stalled": "Picture interrupted",
  },
});
