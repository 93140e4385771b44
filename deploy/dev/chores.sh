# The smaller verbs.

bench() {
    need_sdks
    if [[ ${1:-} == micro ]]; then
        need_node_modules bench/Micro/js
        say "building ..."
        with_build_lock dotnet build bench/Micro -c Release -v q </dev/null >&2 || fail "the build failed"
        dotnet bench/Micro/bin/Release/net10.0/ErrorPipeline.Micro.dll "${@:2}"
        return
    fi
    if [[ ${1:-} == store ]]; then
        need_packages redis-server:redis-server
        with_build_lock build_snippet
        say "building ..."
        with_build_lock dotnet build bench/Store -c Release -v q </dev/null >&2 || fail "the build failed"
        dotnet bench/Store/bin/Release/net10.0/ErrorPipeline.StoreBench.dll "${@:2}"
        return
    fi
    need_packages redis-server:redis-server redis-benchmark:redis-tools wrk:wrk
    [[ " $* " != *" profile "* ]] || need_packages perf:linux-perf
    [[ -x /usr/sbin/nginx ]] || say "nginx is not installed: its row is left out"
    with_build_lock build_snippet
    with_build_lock need_baselines
    say "building ..."
    with_build_lock dotnet build bench/Load -c Release -v q </dev/null >&2 || fail "the build failed"
    # As users run them.
    with_build_lock build_apps
    export ERRORPIPELINE_TEST_APPS=$root/$built
    # Two cores for everything, clients and Redis among it, however many there are.
    taskset -c 0,1 dotnet bench/Load/bin/Release/net10.0/ErrorPipeline.Load.dll "$@"
}

# What the Node contenders need. No package's install script runs but that of better-sqlite3, which builds it.
need_baselines() {
    local folder=bench/Baselines/Seed
    need_node_modules $folder
    [[ ! -e $folder/node_modules/better-sqlite3/build/Release/better_sqlite3.node ]] || return 0
    say "building better-sqlite3 (minutes, once) ..."
    (cd $folder && npm rebuild better-sqlite3 >&2) || fail "better-sqlite3 does not build: it needs make, a C++ compiler and Python 3"
}

# run_workers VERB...: a command of the workers that needs nothing running, from this checkout.
run_workers() {
    need_sdks
    local dll=workers/bin/Release/net10.0/ErrorPipeline.Workers.dll log=artifacts/workers-build.log
    if [[ ! -e $dll || -n $(find workers shared ./*.props global.json \( -name bin -o -name obj -o -name node_modules \) -prune -o -type f -newer $dll -print -quit) ]]; then
        mkdir -p artifacts
        with_build_lock dotnet build workers -c Release -v q </dev/null >$log 2>&1 || { grep error $log | sort -u | head -n 20 >&2; fail "it does not build"; }
        touch $dll
    fi
    exec dotnet $dll "$@"
}

inspect() { run_workers inspect "$@"; }

store() {
    [[ " $* " != *" mongodb"* ]] || ldconfig -p 2>/dev/null | grep -qE 'libmongoc(-1\.0|2)\.so' || need_packages mongoc-driver:libmongoc-1.0-0
    run_workers store "$@"
}

golden() {
    need_sdks
    need_packages chromium:chromium firefox-esr:firefox-esr
    with_build_lock dotnet build tests/Corpus/collect -c Release -v q </dev/null >&2 || fail "the build failed"
    dotnet tests/Corpus/collect/bin/Release/net10.0/ErrorPipeline.Collect.dll
    say "Read the difference; then ACCEPT_CORPUS=1 ./dev test GoldenCorpus writes what is expected of it."
}

check() {
    need_sdks
    local status=0 script
    say "shell syntax ..."
    for script in dev .ci/run deploy/dev/*.sh; do
        bash -n "$script" || status=1
    done
    with_build_lock build_snippet
    say "types of the snippet ..."
    (cd snippet && npm run --silent check >&2) || status=1
    say "build without warnings ..."
    with_build_lock dotnet build ErrorPipeline.sln -c Release -v q </dev/null >&2 || status=1
    say "format ..."
    dotnet format ErrorPipeline.sln whitespace --no-restore --verify-no-changes </dev/null >&2 || { say "dotnet format ErrorPipeline.sln whitespace   puts it right"; status=1; }
    ((status)) && say "check: something is to be put right (above)" || say "check: all is well"
    return $status
}

clean() {
    local data=${ERRORPIPELINE_DATADIRECTORY:-data}
    [[ $# -eq 0 || ($# -eq 1 && $1 == --data) ]] || fail "unknown option '$1'; see ./dev help"
    ! recall "$data/run/dev.pid" >/dev/null || fail "ErrorPipeline is running: ./dev down first"
    rm -rf artifacts {snippet,tests/Clients}/{dist,node_modules} {collector,workers,web,shared,tests/*,bench/*,bench/Baselines/*}/{bin,obj} bench/Baselines/Seed/node_modules
    [[ ${1:-} != --data ]] || rm -rf "$data"
    say "clean."
}
