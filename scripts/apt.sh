# Sourced by the other scripts. Debian and Ubuntu only; elsewhere may_apt says no.

# True where packages may be installed without asking anybody for a password.
may_apt() {
  command -v apt-get >/dev/null 2>&1 || return 1
  [ "$(id -u)" -eq 0 ] || sudo -n true >/dev/null 2>&1
}

# Installs the packages named. Everything that apt says goes to standard error.
apt_install() {
  local run=(env DEBIAN_FRONTEND=noninteractive)
  [ "$(id -u)" -eq 0 ] || run=(sudo -n "${run[@]}")
  "${run[@]}" apt-get -q -y update >&2 || true
  "${run[@]}" apt-get -q -y install --no-install-recommends "$@" >&2
}
