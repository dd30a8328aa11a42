#!/bin/sh
# Which packages of a Debian image (or machine) have a security update that is not installed in it. Runs inside:
#
#   podman run --rm -i --user 0 --network host jobcenter/anwendung:0.1.0 sh -s < etl/betrieb/container/sicherheitsstand.sh
#
# SECURITY: where Debian's security updates are fetched, for a house with a mirror of its own.
# Exit status: 0 none is missing, 1 some are (they are listed), 3 not checked: the repository cannot be reached.
# Nothing is installed, and the image's own lists stay as they are.
set -eu
. /etc/os-release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/parts"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
printf 'deb [signed-by=%s] %s %s-security main\n' \
  "$keyring" "${SECURITY:-http://deb.debian.org/debian-security}" "$VERSION_CODENAME" > "$work/security.list"
apt() {
  apt-get -o Dir::Etc::sourcelist="$work/security.list" -o Dir::Etc::sourceparts="$work/parts" \
    -o Dir::State::lists="$work/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    -o APT::Update::Error-Mode=any -o APT::Sandbox::User=root "$@"
}
# Without the list of packages everything would seem to be up to date.
if ! apt update -qq >&2 || ! ls "$work"/lists/*_Packages* >/dev/null 2>&1; then
  echo "NOT CHECKED: Debian's security repository cannot be reached."
  exit 3
fi
missing=$(apt -s dist-upgrade | sed -n 's/^Inst //p')
if [ -n "$missing" ]; then
  printf '%s\n' "$missing"
  exit 1
fi
echo "No security update is missing ($(dpkg-query -f '.\n' -W | wc -l) packages, $PRETTY_NAME)."
