#!/bin/sh
# Finds Chromium for the browser tests, or installs Debian's where that is possible without asking.
set -eu

find_chromium() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name"; then return 0; fi
    done
    return 1
}

find_chromium >/dev/null && exit 0

if [ "$(id -u)" = 0 ]; then as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo -n"
else as_root="none"
fi

if [ "$as_root" != none ] && command -v apt-get >/dev/null; then
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
fi

find_chromium >/dev/null || {
    echo "The browser tests need Chromium: install it, or name it with CHROMIUM=/path/to/chromium." >&2
    exit 1
}
