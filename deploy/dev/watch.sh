# Watching over one process: its output prefixed with its name, started again with back-off when it ends by itself.

# watch NAME COMMAND...: until SIGTERM, which it passes on and waits.
# Exit status 78 is a wrong setting: starting again would not help.
watch() {
    local name=$1 child='' pause=1 code began
    shift
    stopping=
    remember "$BASHPID" "$run/$name.watch"
    trap 'stopping=1; [[ -z $child ]] || kill -TERM "$child" 2>/dev/null' TERM
    while [[ -z $stopping ]]; do
        began=$SECONDS
        # A session of its own: Ctrl-C in the terminal ends `up`, which then ends its processes in order.
        setsid "$@" </dev/null &
        child=$!
        remember "$child" "$run/$name.pid"
        [[ -z $stopping ]] || kill -TERM "$child" 2>/dev/null
        code=0
        wait "$child" 2>/dev/null || code=$?
        while kill -0 "$child" 2>/dev/null; do
            code=0
            wait "$child" 2>/dev/null || code=$?
        done
        rm -f "$run/$name.pid"
        [[ -z $stopping ]] || break
        if ((code == 78)); then
            echo "cannot start with these settings"
            break
        fi
        ((SECONDS - began < 30)) || pause=1
        echo "ended with status $code; starts again in $pause s"
        sleep $pause &
        wait $! || true
        pause=$((pause * 2 > 30 ? 30 : pause * 2))
    done
    rm -f "$run/$name.watch"
}

# watched NAME COMMAND...: `watch` in the background, its lines going to the terminal and the log file.
# The first sign-in is shown once, in the banner: it goes to neither.
watched() {
    local name=$1 line
    {
        trap '' INT HUP PIPE
        watch "$@" 2>&1 | while IFS= read -r line || [[ -n $line ]]; do
            if [[ $line == 'first sign-in: '* ]]; then
                printf '%s\n' "${line#first sign-in: }" >"$run/first-sign-in"
            else
                printf -v line '%-9s | %s' "$name" "$line"
                printf '%s\n' "$line"
                printf '%s\n' "$line" >>"$log"
            fi
        done
    } &
}
