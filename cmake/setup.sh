# Sourced by `krait` and `tests/run`: what a machine needs, and the build. Plain POSIX sh.
# Takes: $root, the checkout. Gives: krait_build PRESET TARGETS…, krait_is_built PRESET.
# Says one line a step on stderr; the output of the tools goes to build/setup.log and is shown when a step fails.

# Debian packages: compilers and build tools, then the libraries that krait links or wraps. The npm client is
# looked for as a command, because people install node from elsewhere.
krait_packages='clang-19 lld-19 llvm-19 libclang-rt-19-dev cmake ninja-build ccache python3 unzip
libgmp-dev libcli11-dev nlohmann-json3-dev catch2 liblmdb-dev libtomlplusplus-dev libsqlite3-dev libssl-dev
libexpat1-dev libffi-dev libzstd-dev libbz2-dev liblzma-dev libedit-dev zlib1g-dev libseccomp-dev'

# The sources whose change asks for a new build.
krait_sources='analyzer checker runtime lsp cli cmake CMakeLists.txt CMakePresets.json package-lock.json'

krait_say() { printf 'krait: %s\n' "$*" >&2; }

# krait_step TEXT COMMAND…: says the text, runs the command quietly, and ends the script when it fails.
krait_step() {
  krait_say "$1"
  shift
  if ! "$@" >>"$root/build/setup.log" 2>&1 </dev/null; then
    tail -n 40 "$root/build/setup.log" >&2
    krait_say "failed: $*"
    krait_say "the whole output is in build/setup.log"
    exit 2
  fi
}

krait_missing_packages() {
  command -v dpkg-query >/dev/null 2>&1 || return 0
  # shellcheck disable=SC2086
  installed=$(dpkg-query -W -f '${Package} ${Status}\n' $krait_packages 2>/dev/null | sed -n 's/ install ok installed$//p')
  for package in $krait_packages; do
    printf '%s\n' "$installed" | grep -qx "$package" || printf '%s ' "$package"
  done
  command -v npm >/dev/null 2>&1 || printf 'nodejs npm '
}

krait_install_packages() {
  missing=$(krait_missing_packages)
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    krait_say "this machine has no apt-get; install these (Debian 12 names) and try again: $missing"
    exit 2
  fi
  if [ "$(id -u)" != 0 ]; then
    krait_say "Debian packages are missing; as root, run: apt-get install -y --no-install-recommends $missing"
    exit 2
  fi
  export DEBIAN_FRONTEND=noninteractive
  if ! ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1; then krait_step "reading Debian's package lists" apt-get update -q; fi
  # shellcheck disable=SC2086
  if ! apt-get install -s --no-install-recommends $missing >/dev/null 2>&1; then
    krait_step "reading Debian's package lists again" apt-get update -q
  fi
  # shellcheck disable=SC2086
  krait_step "installing $(printf '%s' "$missing" | wc -w) Debian packages" \
    apt-get install -y -q --no-install-recommends $missing
}

krait_install_node_modules() {
  stamp=$root/node_modules/.package-lock.json
  [ -f "$stamp" ] && [ ! "$root/package-lock.json" -nt "$stamp" ] && return 0
  [ -L "$root/node_modules" ] && return 0
  krait_step "fetching the pinned npm packages" npm ci --prefix "$root" --ignore-scripts --no-audit --no-fund
  touch "$stamp"
}

# krait_is_built PRESET: true when no source is newer than the last build of the preset.
krait_is_built() {
  stamp=$root/build/$1/.built
  [ -f "$stamp" ] && [ -z "$(cd "$root" && find $krait_sources -newer "$stamp" -print -quit 2>&1)" ]
}

# krait_build PRESET TARGETS…: sets the machine up, configures when needed and builds. Only one at a time.
krait_build() {
  preset=$1
  shift
  mkdir -p "$root/build/$preset"
  : >"$root/build/setup.log"
  krait_install_packages
  krait_install_node_modules
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$root/build/$preset/.lock"
    flock 9
  fi
  touch "$root/build/$preset/.building"
  if [ ! -f "$root/build/$preset/build.ninja" ]; then
    krait_step "configuring ($preset)" env -C "$root" cmake --preset "$preset"
  fi
  krait_step "building ($preset)" env -C "$root" cmake --build --preset "$preset" --target "$@"
  # The stamp carries the time of the build's start: what changes while it runs is built next time.
  mv "$root/build/$preset/.building" "$root/build/$preset/.built"
  exec 9>&-
}
