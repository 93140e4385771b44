# The database of `./dev up --store mongo`: the one that ERRORPIPELINE_MONGO names, else a mongod, else DocumentDB in a chroot (tests/Rigs/DocumentDb).

# prepare_mongo: finds which it is, and builds and brings up what that needs. Sets mongo_uri, or mongo_command for one to be started.
prepare_mongo() {
    mongo_uri=${ERRORPIPELINE_MONGO-} mongo_command=()
    ldconfig -p 2>/dev/null | grep -qE 'libmongoc(-1\.0|2)\.so' || need_packages mongoc-driver:libmongoc-1.0-0
    [[ -z $mongo_uri ]] || return 0
    if command -v mongod >/dev/null; then
        mkdir -p "$data/mongo"
        mongo_command=(mongod --quiet --bind_ip 127.0.0.1 --port "$mongo_port" --dbpath "$data/mongo")
        return 0
    fi
    want_package debootstrap debootstrap "to bring up DocumentDB, as there is no mongod"
    say "bringing up DocumentDB (minutes the first time) ..."
    local chroot rig=tests/Rigs/DocumentDb
    chroot=$($rig/chroot.sh) || fail "there is no MongoDB: set ERRORPIPELINE_MONGO=mongodb://HOST/DATABASE, or install mongod (why DocumentDB cannot be had is above)"
    with_build_lock dotnet publish $rig -c Release -v q -o "$run/documentdb" </dev/null >"$run/documentdb.log" 2>&1 ||
        { tail -n 20 "$run/documentdb.log" >&2; fail "$rig does not build"; }
    mongo_command=(dotnet "$run/documentdb/ErrorPipeline.DocumentDb.dll" "$chroot" "dev-$(cksum <<<"$data" | cut -d' ' -f1)" "$mongo_port" $((mongo_port + 1)) --keep)
}

# As start_all starts Redis: answers before the others begin.
start_mongo() {
    if ((${#mongo_command[@]})); then
        mongo_uri=mongodb://127.0.0.1:$mongo_port/errorpipeline
        start mongo "127.0.0.1:$mongo_port" "${mongo_command[@]}"
        local tries=600
        until answers "$mongo_port"; do
            [[ -z $stop_requested ]] && ((tries-- > 0)) || return 1
            sleep 0.1
        done
    fi
    export ERRORPIPELINE_STORE__ERRORS=$mongo_uri ERRORPIPELINE_STORE__CONFIG=$mongo_uri ERRORPIPELINE_STORE__ARTIFACTS=$mongo_uri
}
