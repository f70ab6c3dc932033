# Set-up shared by scripts/run and scripts/test. Sourced by bash with ROOT set to the repository.

say() { printf '%s\n' "$*"; }

# die MESSAGE...: one line each, then the end.
die() {
  printf '%s\n' "$@" >&2
  exit 1
}

# The floor is engines.node of package.json.
need_node() {
  command -v node >/dev/null || die \
    "Node.js is missing. Tamizdat needs Node 20.19 or newer: https://nodejs.org, or Debian's packages nodejs and npm where they are new enough."
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    die "Node $(node --version) at $(command -v node) is too old. Tamizdat needs 20.19 or newer: https://nodejs.org"
  command -v npm >/dev/null || die \
    "npm is missing beside Node $(node --version). It comes with Node from https://nodejs.org; on Debian type: apt-get install npm"
}

# How this user may install Debian packages: '' as root, 'sudo -n' where that asks nothing; fails otherwise.
apt_prefix() {
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" = 0 ]; then
    printf ''
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    printf 'sudo -n env'
  else
    return 1
  fi
}

# apt_install PACKAGE...: fails without a word where this user may not; the caller says what to type.
apt_install() {
  local prefix policy=/usr/sbin/policy-rc.d ours=
  prefix=$(apt_prefix) || return 1
  # A package that brings a daemon would start it, and take the port the tests use.
  if [ ! -e "$policy" ]; then
    ours=1
    printf '#!/bin/sh\nexit 101\n' | $prefix tee "$policy" >/dev/null && $prefix chmod 755 "$policy"
  fi
  local apt=(DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0)
  local result=0
  { ${prefix:-env} "${apt[@]}" update && ${prefix:-env} "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null; } || result=1
  [ -z "$ours" ] || $prefix rm -f "$policy"
  return $result
}

# npm and node-gyp with no network but the registry: compile against the running Node's own headers.
npm_here() {
  local prefix
  prefix=$(node -p 'require("node:path").resolve(process.execPath, "../..")')
  if [ -z "${npm_config_nodedir:-}" ] && [ -e "$prefix/include/node/node.h" ]; then
    export npm_config_nodedir=$prefix
  fi
  # SQLite is compiled from two large files: node-gyp takes one at a time unless told.
  export JOBS=${JOBS:-max}
  # An account without a home, such as nobody's, still needs somewhere to keep what npm fetched.
  if [ -z "${npm_config_cache:-}" ] && [ ! -w "${HOME:-/nonexistent}" ]; then
    export npm_config_cache="$ROOT/.tmp/npm"
  fi
  npm "$@" --loglevel=error --no-audit --no-fund
}

compilers_missing() {
  local command
  for command in python3 make g++; do
    command -v "$command" >/dev/null || return 0
  done
  return 1
}

# Installs what package-lock.json asks for, unless node_modules already is just that.
ensure_dependencies() {
  local why
  why=$(node scripts/installed.mjs) && return
  local npm_words=(ci)
  case $why in
    rebuild:*) npm_words=(rebuild) ;;
  esac
  say "Installing packages (${why#*: }). The first time takes one to three minutes."
  npm_here "${npm_words[@]}" && node scripts/installed.mjs >/dev/null && return
  # Below Node 22.14 SQLite is compiled where no ready-made binary can be downloaded.
  if compilers_missing; then
    say 'No ready-made SQLite binary could be had, and no compiler is here: installing python3, make and g++.'
    apt_install python3 make g++ || die \
      'SQLite has to be compiled for this Node, which needs Debian packages. As root, type:' \
      '  apt-get update && apt-get install python3 make g++' \
      'Node 22.14 or newer needs none of them.'
    npm_here ci || true
  fi
  why=$(node scripts/installed.mjs) || die "Installing packages failed: ${why#*: }" \
    'What npm said stands above. Is the npm registry within reach?'
}

# Compiles src/ when something in it is newer than what was compiled last.
ensure_build() {
  if [ -e dist/main.js ] && [ -e dist/.built ] &&
    [ -z "$(find src scripts/build.mjs tsconfig.json package-lock.json -newer dist/.built -print -quit)" ]; then
    return
  fi
  say 'Compiling.'
  local started
  started=$(mktemp)
  node scripts/build.mjs || { rm -f "$started"; die 'Compiling failed; what is wrong stands above.'; }
  # The moment before compiling, so that an edit made meanwhile counts as newer.
  touch -r "$started" dist/.built
  rm -f "$started"
}

# free_port FROM TAKEN: the first port of 127.0.0.1 from FROM on that nothing listens on and that is not TAKEN.
free_port() {
  local port=$1
  while [ "$port" = "$2" ] || (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    port=$((port + 1))
    [ "$port" -lt $(($1 + 100)) ] || die "No free port from $1 on. Choose one: --listen 127.0.0.1:PORT"
  done
  printf %s "$port"
}
