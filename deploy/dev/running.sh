# Looking at and ending what `up` started, from another terminal.

where_data_is() {
    data=${ERRORPIPELINE_DATADIRECTORY:-data} follow=-f
    while (($#)); do
        case $1 in
            --data) data=${2:?--data needs a folder}; shift ;;
            --no-follow) follow= ;;
            *) fail "unknown option '$1'; see ./dev help" ;;
        esac
        shift
    done
    run=$data/run
}

down() {
    where_data_is "$@"
    local pid file ended=
    if pid=$(recall "$run/dev.pid"); then
        say "ending ErrorPipeline (process $pid) ..."
        kill -TERM "$pid"
        wait_gone "$pid" 60 || { say "process $pid does not end: killing it"; kill -KILL "$pid" 2>/dev/null || true; }
        ended=1
    fi
    # Left over where `up` itself was killed. A watcher goes before its process, or it would start it again.
    local name
    for name in web collector workers redis mongo; do
        for file in "$run/$name.watch" "$run/$name.pid"; do
            pid=$(recall "$file") || continue
            say "ending $name, which was left over (process $pid) ..."
            kill -TERM "$pid" 2>/dev/null || true
            wait_gone "$pid" 35 || kill -KILL "$pid" 2>/dev/null || true
            ended=1
        done
    done
    rm -rf "$run"
    if [[ $ended ]]; then say "ErrorPipeline is down."; else say "ErrorPipeline is not running (data folder: $data)."; fi
}

wait_gone() {
    local tries=$(($2 * 10))
    while kill -0 "$1" 2>/dev/null; do
        ((tries-- > 0)) || return 1
        sleep 0.1
    done
}

status() {
    where_data_is "$@"
    local name pid url ready all=0
    recall "$run/dev.pid" >/dev/null || { echo "ErrorPipeline is not running (data folder: $data)."; return 1; }
    for name in redis mongo collector workers web; do
        [[ -e $run/$name.url ]] || continue
        url=$(<"$run/$name.url")
        if [[ $name == redis || $name == mongo ]]; then
            if answers "${url##*:}"; then ready=ready; else ready='not answering'; all=1; fi
        else
            if is_ready "$url"; then ready=ready; else ready='not ready'; all=1; fi
        fi
        pid=$(recall "$run/$name.pid") || pid='-'
        printf '%-9s %-8s %-28s %s\n' "$name" "$pid" "$url" "$ready"
    done
    return $all
}

logs() {
    where_data_is "$@"
    [[ -e $data/dev.log ]] || fail "no log in $data yet: ./dev up"
    exec tail -n 200 $follow "$data/dev.log"
}
