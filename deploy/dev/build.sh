# Building. One build at a time in a checkout; what has not changed is not built again.

built=artifacts/up

# need_node_modules FOLDER: what its lock file names, unless it is there already. No package's own install scripts are run.
need_node_modules() {
    [[ ! -e $1/node_modules/.package-lock.json || $1/package-lock.json -nt $1/node_modules/.package-lock.json ]] || return 0
    say "installing the packages of $1 ..."
    (cd "$1" && npm ci --ignore-scripts --no-progress --loglevel=error >&2) || fail "npm ci failed in $1/"
    touch "$1/node_modules/.package-lock.json"
}

build_snippet() {
    if [[ ! -e snippet/node_modules/.package-lock.json || snippet/package-lock.json -nt snippet/node_modules/.package-lock.json ]]; then
        say "installing the snippet's build tools ..."
        (cd snippet && npm ci --no-progress --loglevel=error >&2) || fail "npm ci failed in snippet/"
        touch snippet/node_modules/.package-lock.json
    fi
    if [[ ! -e snippet/dist/web/keys.js || -n $(find snippet/src snippet/build.mjs snippet/package.json web/Scripts -newer snippet/dist/agent.js -print -quit) ]]; then
        say "building the snippet ..."
        (cd snippet && npm run --silent build >&2) || fail "the snippet does not build"
    fi
}

# The three apps as `up` runs them: a copy apart from bin/, so that building or testing never pulls a file from under a running process.
build_apps() {
    if [[ -e $built/stamp ]] && [[ -z $(find collector workers web shared snippet/dist ./*.props deploy/*.props deploy/apps.slnf global.json \
        \( -name bin -o -name obj \) -prune -o -newer $built/stamp -print -quit) ]]; then
        return 0
    fi
    mkdir -p $built
    local began=$SECONDS stamp
    stamp=$(mktemp $built/stamp.XXXXXX)
    say "building (a minute or two the first time) ..."
    dotnet publish deploy/apps.slnf -c Release -v q "-p:PublishRoot=$root/$built/" </dev/null >$built/build.log 2>&1 || {
        grep -E 'error|warn' $built/build.log | sort -u | head -n 30 >&2 || tail -n 30 $built/build.log >&2
        rm -f "$stamp"
        fail "it does not build"
    }
    mv "$stamp" $built/stamp
    say "built in $((SECONDS - began)) s"
}

# with_build_lock COMMAND...
with_build_lock() {
    mkdir -p artifacts
    (
        if ! flock -n 9; then
            say "another ./dev builds in this checkout: waiting for it ..."
            flock 9
        fi
        "$@" 9>&-
    ) 9>artifacts/build.lock
}
