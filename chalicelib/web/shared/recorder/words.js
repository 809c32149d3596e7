/** The words of the recorder: what stands in a recorded picture while there is none. */

import { addWords } from "../words.js";

addWords({
  "zh-CN": {
    "recorder.no-picture": "无画面",
  },
  en: {
    "recorder.no-picture": "No picture",
  },
});
