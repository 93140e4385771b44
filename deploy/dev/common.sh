# What all verbs share. Messages for people go to standard error; standard output is for results.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDTERMINALLOGGER=off
export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false

say() { printf '%s\n' "$*" >&2; }
fail() { say "dev: $*"; exit 1; }

# need_sdks: the two things that this script does not install.
need_sdks() {
    command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
    dotnet --list-sdks | grep -q '^10\.' || fail "the .NET 10 SDK is missing (found: $(dotnet --list-sdks | tr '\n' ' ')): https://dotnet.microsoft.com/download/dotnet/10.0"
    command -v node >/dev/null && command -v npm >/dev/null || fail "Node.js 20 with npm is missing: https://nodejs.org"
    local node
    node=$(node -p 'process.versions.node.split(".")[0]')
    ((node >= 20)) || fail "Node.js 20 or later is needed, this is $(node --version): https://nodejs.org"
}

# need_packages COMMAND:PACKAGE...: installs through apt as root, otherwise says what to install.
need_packages() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
    done
    ((${#missing[@]})) || return 0
    if ! command -v apt-get >/dev/null; then
        fail "please install, with your system's package manager: ${missing[*]}"
    elif ((EUID != 0)); then
        fail "please install what is missing, then run this again:  sudo apt-get update && sudo apt-get install -y ${missing[*]}"
    fi
    say "installing ${missing[*]} ..."
    apt_install "${missing[@]}" || fail "apt-get could not install ${missing[*]} (its messages are above)"
}

# want_package COMMAND PACKAGE WHY: installs what is missing where that is possible, and goes on where not.
want_package() {
    ((EUID == 0)) && ! command -v "$1" >/dev/null && command -v apt-get >/dev/null || return 0
    say "installing $2 ($3) ..."
    apt_install "$2" || say "$2 could not be installed: its test will be skipped"
}

apt_install() {
    # A service that a package brings must not start here: this script starts its own.
    local policy=/usr/sbin/policy-rc.d made=
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        made=1
    fi
    local status=0
    {
        apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
    } </dev/null >"${TMPDIR:-/tmp}/dev-apt.$$" 2>&1 || status=$?
    ((status == 0)) || tail -n 20 "${TMPDIR:-/tmp}/dev-apt.$$" >&2
    rm -f "${TMPDIR:-/tmp}/dev-apt.$$"
    [[ -z $made ]] || rm -f "$policy"
    return $status
}

# A process is named by its number and its start time, so that a number given to another process is never mistaken for it.
started_at() { [[ -r /proc/$1/stat ]] && sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
remember() { printf '%s %s\n' "$1" "$(started_at "$1")" >"$2"; }
# recall FILE: prints the process's number if it still lives.
recall() {
    local pid start
    [[ -r $1 ]] && read -r pid start <"$1" || return 1
    [[ -n $start && $(started_at "$pid") == "$start" ]] && printf '%s\n' "$pid"
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# is_ready URL: /healthz/ready says 200.
is_ready() {
    local code='' port=${1##*:}
    {
        exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /healthz/ready HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3 && read -r -t 5 _ code _ <&3
    } 2>/dev/null
    { exec 3>&-; } 2>/dev/null
    [[ $code == 200 ]]
}

data_folder() { mkdir -p "$1" && (cd "$1" && pwd); }
