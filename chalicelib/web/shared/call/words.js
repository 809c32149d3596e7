/** The words of a call's troubles, the same on every page: why something is missing, and why a call went down a step. */

import { addWords } from "../words.js";

addWords({
  "zh-CN": {
    "call.camera-refused": "没有摄像头权限", "call.camera-missing": "没有找到摄像头", "call.camera-busy": "摄像头打不开，可能正被其他应用占用",
    "call.microphone-refused": "没有麦克风权限", "call.microphone-missing": "没有找到麦克风", "call.microphone-busy": "麦克风打不开，可能正被其他应用占用",
    "ladder.no-webrtc": "这部手机不支持视频通话", "ladder.no-line": "视频线路忙，空出后自动接通", "ladder.no-connection": "视频没有连上，正在重试",
    "ladder.offline": "网络断开", "ladder.picture-dead": "画面停住了", "ladder.camera-blank": "摄像头没有画面",
    "ladder.camera-refused": "没有摄像头权限", "ladder.camera-missing": "没有找到摄像头", "ladder.camera-busy": "摄像头打不开",
    "ladder.stills-failing": "照片传不出去",
  },
  en: {
    "call.camera-refused": "No permission for the camera", "call.camera-missing": "No camera found", "call.camera-busy": "The camera does not open; another app may hold it",
    "call.microphone-refused": "No permission for the microphone", "call.microphone-missing": "No microphone found", "call.microphone-busy": "The microphone does not open; another app may hold it",
    "ladder.no-webrtc": "This phone cannot make video calls", "ladder.no-line": "All video lines are busy; you will be put through", "ladder.no-connection": "The video did not connect; trying again",
    "ladder.offline": "No network", "ladder.picture-dead": "The picture has stopped", "ladder.camera-blank": "The camera gives no picture",
    "ladder.camera-refused": "No permission for the camera", "ladder.camera-missing": "No camera found", "ladder.camera-busy": "The camera does not open",
    "ladder.stills-failing": "Pictures do not go out",
  },
});
