# ./dev up

up() {
    began=$SECONDS demo=true
    up_options "$@"
    need_sdks
    redis=${ERRORPIPELINE_REDIS:-}
    [[ -n $redis ]] || need_packages redis-server:redis-server

    data=$(data_folder "$data") || fail "cannot make the data folder"
    run=$data/run log=$data/dev.log
    local pid
    if pid=$(recall "$run/dev.pid"); then
        say "ErrorPipeline is running already (process $pid): $(cat "$run/web.url" 2>/dev/null || echo starting). End it with ./dev down."
        return 0
    fi
    # What a killed `up` may have left behind.
    if [[ -e $run ]]; then "$root/dev" down --data "$data" >&2; fi
    check_ports
    mkdir -m 700 "$run" 2>/dev/null || fail "another ./dev up is starting in $data"
    remember $$ "$run/dev.pid"
    trap 'rm -rf "$run"' EXIT

    with_build_lock build_snippet
    with_build_lock build_apps
    [[ $store != mongo ]] || prepare_mongo
    # A copy of its own: another ./dev up may build while this one runs.
    cp -r "$built" "$run/apps"
    check_ports

    [[ ! -e $log ]] || mv "$log" "$log.1"
    stop_requested=
    trap 'stop_requested=1' INT TERM HUP
    # From here on nothing may end this script before it has ended its processes.
    set +e
    local status=0
    start_all && wait_ready && banner && watch_until_stopped || status=$?
    trap '' INT TERM HUP
    stop_all
    [[ -z $stop_requested ]] || status=0
    return $status
}

up_options() {
    local base=${DEV_PORTS:-5080}
    data=${ERRORPIPELINE_DATADIRECTORY:-data}
    web_port=${DEV_WEB_PORT:-} collector_port=${DEV_COLLECTOR_PORT:-} workers_port=${DEV_WORKERS_PORT:-} redis_port=${DEV_REDIS_PORT:-} mongo_port=${DEV_MONGO_PORT:-} store=sqlite
    while (($#)); do
        case $1 in
            --ports) base=${2:-} ;;
            --web-port) web_port=${2:-} ;;
            --collector-port) collector_port=${2:-} ;;
            --workers-port) workers_port=${2:-} ;;
            --redis-port) redis_port=${2:-} ;;
            --mongo-port) mongo_port=${2:-} ;;
            --store) store=${2:-} ;;
            --data) data=${2:-} ;;
            --no-demo) demo=false; shift; continue ;;
            *) fail "unknown option '$1'; see ./dev help" ;;
        esac
        [[ -n ${2:-} ]] || fail "$1 needs a value; see ./dev help"
        shift 2
    done
    local port
    [[ $base =~ ^[0-9]{1,5}$ ]] || fail "'$base' is not a port"
    : "${web_port:=$base}" "${collector_port:=$((base + 1))}" "${workers_port:=$((base + 2))}"
    if [[ -z $redis_port ]]; then
        # 6390 beside the default ports, so that it reads as a Redis port; next to the others where those were moved.
        if ((base == 5080)); then redis_port=6390; else redis_port=$((base + 10)); fi
    fi
    : "${mongo_port:=$((base + 20))}"
    [[ $store == sqlite || $store == mongo ]] || fail "'$store' is no store: sqlite or mongo"
    for port in $web_port $collector_port $workers_port $redis_port $mongo_port; do
        [[ $port =~ ^[0-9]{1,5}$ ]] && ((port >= 1 && port <= 65535)) || fail "'$port' is not a port: 1 to 65535"
    done
}

check_ports() {
    taken "$web_port" dashboard web-port DEV_WEB_PORT
    taken "$collector_port" collector collector-port DEV_COLLECTOR_PORT
    taken "$workers_port" workers workers-port DEV_WORKERS_PORT
    [[ -n $redis ]] || taken "$redis_port" Redis redis-port DEV_REDIS_PORT
    [[ $store != mongo || -n ${ERRORPIPELINE_MONGO-} ]] || taken "$mongo_port" MongoDB mongo-port DEV_MONGO_PORT
}

taken() {
    ! answers "$1" || fail "port $1 (for the $2) is taken by another program. Choose another one: ./dev up --$3 N (or $4=N), or all at once: ./dev up --ports N"
}

start_all() {
    say "starting ..."
    local web_url=http://127.0.0.1:$web_port collector_url=http://127.0.0.1:$collector_port workers_url=http://127.0.0.1:$workers_port
    if [[ -z $redis ]]; then
        redis=127.0.0.1:$redis_port
        mkdir -p "$data/redis"
        start redis "$redis" redis-server --bind 127.0.0.1 --port "$redis_port" --dir "$data/redis" --daemonize no --save '' \
            --appendonly yes --appendfsync always --auto-aof-rewrite-min-size 256mb --hz 2 --maxmemory "${DEV_REDIS_MEMORY:-512mb}" --maxmemory-policy noeviction --loglevel warning
        local tries=300
        until answers "$redis_port"; do
            [[ -z $stop_requested ]] && ((tries-- > 0)) || return 1
            sleep 0.1
        done
    fi
    [[ $store != mongo ]] || start_mongo || return 1
    export ERRORPIPELINE_REDIS=$redis ERRORPIPELINE_DATADIRECTORY=$data ERRORPIPELINE_LOGFORMAT=${ERRORPIPELINE_LOGFORMAT:-text}
    export ERRORPIPELINE_WEB__COLLECTORURL=${ERRORPIPELINE_WEB__COLLECTORURL:-$collector_url} ERRORPIPELINE_WEB__DEMO=$demo
    start web "$web_url" env ERRORPIPELINE_URLS="$web_url" dotnet "$run/apps/ErrorPipeline.Web/ErrorPipeline.Web.dll"
    start collector "$collector_url" env ERRORPIPELINE_URLS="$collector_url" dotnet "$run/apps/ErrorPipeline.Collector/ErrorPipeline.Collector.dll"
    start workers "$workers_url" env ERRORPIPELINE_URLS="$workers_url" dotnet "$run/apps/ErrorPipeline.Workers/ErrorPipeline.Workers.dll"
}

# start NAME URL COMMAND...
start() {
    local name=$1
    printf '%s\n' "$2" >"$run/$name.url"
    shift 2
    watched "$name" "$@"
}

wait_ready() {
    local name tries
    for name in collector workers web; do
        tries=240
        until is_ready "$(<"$run/$name.url")"; do
            [[ -z $stop_requested ]] || return 1
            if ((tries-- <= 0)); then
                say "dev: $name is not ready after a minute; its log is above. $(<"$run/$name.url")/healthz/ready tells more while it runs."
                return 1
            fi
            [[ -e $run/$name.watch ]] || ((tries > 230)) || { say "dev: $name could not start; its log is above"; return 1; }
            sleep 0.2
        done
    done
}

banner() {
    local web
    web=$(<"$run/web.url")
    {
        printf '\nErrorPipeline is up (%s s).\n\n' $((SECONDS - began))
        printf '  dashboard   %s\n' "$web"
        if [[ -e $run/first-sign-in ]]; then
            printf '  sign in     %s   (made now, shown this once)\n' "$(<"$run/first-sign-in")"
            rm -f "$run/first-sign-in"
        else
            printf '  sign in     as before: the first sign-in was shown when it was made\n'
        fi
        [[ $demo != true ]] || printf '  demo page   %s/demo\n' "$web"
        printf '  snippet     paste it as the first thing in <head>:\n\n%s\n\n' "$(node deploy/dev/snippet.mjs "$web" "$demo")"
        printf 'Ctrl-C or ./dev down ends it.\n\n'
    } >&2
}

watch_until_stopped() {
    while [[ -z $stop_requested ]]; do
        sleep 86400 &
        local sleeper=$!
        wait $sleeper
        kill $sleeper 2>/dev/null
    done
}

# In order: who takes events, who works on them, and Redis last. Each has its own grace time; none is left behind.
stop_all() {
    say "ending ..."
    local name pid names
    for names in "web collector" workers "redis mongo"; do
        for name in $names; do
            pid=$(recall "$run/$name.watch") && kill -TERM "$pid" 2>/dev/null
        done
        for name in $names; do
            stop_wait "$name"
        done
    done
    wait
    say "ErrorPipeline is down."
}

stop_wait() {
    local tries=350 pid
    while recall "$run/$1.watch" >/dev/null || recall "$run/$1.pid" >/dev/null; do
        if ((tries-- <= 0)); then
            say "dev: $1 does not end: killing it"
            pid=$(recall "$run/$1.pid") && kill -KILL "$pid" 2>/dev/null
            tries=50
        fi
        sleep 0.1
    done
}
