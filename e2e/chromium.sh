#!/bin/sh
# Makes sure that a Chromium is there for the browser test: installs Debian's where
# that is allowed, and says what to do where it is not.
set -eu
for name in chromium chromium-browser google-chrome; do
	if command -v "$name" >/dev/null 2>&1; then
		exit 0
	fi
done
if [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ]; then
	exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "installing chromium for the browser test"
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
	exit 0
fi
echo "The browser test needs Chromium. Install it (Debian: apt install chromium) or name it: CHROMIUM=/path/to/chromium make test" >&2
exit 1
