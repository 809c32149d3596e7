"""The Chromium of the tests, and how each of them starts it."""

import os
import shutil
from collections.abc import Sequence

from playwright.sync_api import Browser, BrowserType

NAMES = ("chromium", "chromium-browser", "google-chrome")

UNUSED = (
    # Two pages of its own for each window's address bar, which no test has.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # What Playwright switches off as well: a second list takes the place of the first.
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)

PLAIN = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={','.join(UNUSED)}",
)

PLAYING = (*PLAIN, "--autoplay-policy=no-user-gesture-required")

ASKING = "--use-fake-ui-for-media-stream"
"""With it pages get camera and microphone without anybody being asked."""

CAMERAS = (*PLAYING, "--use-fake-device-for-media-stream", ASKING)


def find_chromium() -> str:
    """The Chromium of this machine, or the one that CHROMIUM names."""
    found = next(
        (path for name in (os.environ.get("CHROMIUM"), *NAMES) if name and (path := shutil.which(name))), None
    )
    assert found, "the browser tests need Chromium; `make setup` says how"
    return found


def launch(chromium: BrowserType, arguments: Sequence[str] = PLAIN) -> Browser:
    """Start one more; who starts it closes it."""
    return chromium.launch(executable_path=find_chromium(), args=list(arguments))
