# ./dev test

run_tests() {
    local all= filter=
    while (($#)); do
        case $1 in
            --all) all=1 ;;
            --store)
                [[ ${2-} == sqlite || ${2-} == mongo ]] || fail "--store is sqlite or mongo"
                export ERRORPIPELINE_TEST_STORE=$2
                shift
                ;;
            -*) fail "unknown option '$1'; see ./dev help" ;;
            *) filter=$1 ;;
        esac
        shift
    done
    need_sdks
    need_packages redis-server:redis-server chromium:chromium firefox-esr:firefox-esr mkfs.ext4:e2fsprogs
    # Each is for one test, which says so where it is missing.
    want_package docker-compose docker-compose "to validate docker-compose.yml"
    want_package faketime faketime "to run processes with wrong clocks"
    bring_up_mongo

    with_build_lock build_snippet
    need_node_modules tests/EndToEnd
    need_node_modules tests/Clients
    say "building everything ..."
    with_build_lock build_all

    results=artifacts/test-results
    rm -rf $results && mkdir -p $results
    local limit=900
    [[ -z $all ]] || limit=4500
    local status=0 project
    child=
    trap '[[ -z $child ]] || kill -TERM "$child"; exit 130' INT TERM HUP
    if [[ $filter != snippet ]]; then
        for project in tests/*/*.csproj; do
            test_project "$project" "$limit"
        done
    fi
    if [[ -z $filter || $filter == snippet ]]; then
        test_snippet
    fi
    node deploy/dev/summary.mjs $results || status=$?
    return $status
}

# The driver and a server for the tests of MongoDB; what cannot be had is said, and its tests are skipped.
bring_up_mongo() {
    [[ -z $filter || ${filter,,} == *mongo* || ${ERRORPIPELINE_TEST_STORE-} == mongo ]] || return 0
    ldconfig -p 2>/dev/null | grep -qE 'libmongoc(-1\.0|2)\.so' ||
        want_package mongoc-driver libmongoc-1.0-0 "to test the store in MongoDB"
    [[ -z ${ERRORPIPELINE_TEST_MONGO-} ]] && ! command -v mongod >/dev/null || return 0
    want_package debootstrap debootstrap "to bring up a server for the tests of MongoDB"
    [[ -e ${XDG_CACHE_HOME:-$HOME/.cache}/errorpipeline/documentdb-18/ready ]] || say "bringing up DocumentDB for the tests of MongoDB, some minutes this once ..."
    within 900 tests/Rigs/DocumentDb/chroot.sh >/dev/null || say "the tests of MongoDB will be skipped"
}

build_all() {
    dotnet restore ErrorPipeline.sln -v q </dev/null >&2 || fail "dotnet restore failed"
    dotnet build ErrorPipeline.sln --no-restore -c Release -v q </dev/null >&2 || fail "the build failed"
}

# test_project PROJECT SECONDS: writes {results}/NAME.trx, .log and .status, from which summary.mjs makes the sum.
test_project() {
    local name began=$SECONDS code=0
    name=$(basename "$1" .csproj)
    local dll=${1%/*}/bin/Release/net10.0/$name.dll
    [[ -e ${dll%.dll}.deps.json ]] && grep -q '"Microsoft.NET.Test.Sdk' "${dll%.dll}.deps.json" || return 0
    local which='TestCategory!=Long'
    [[ -z $all ]] || which=''
    [[ -z $filter ]] || which="FullyQualifiedName~$filter${which:+&$which}"
    within "$2" dotnet test "$dll" ${which:+--filter "$which"} --logger "trx;LogFileName=$root/$results/$name.trx" \
        >"$results/$name.log" 2>&1 || code=$?
    echo "$code" >"$results/$name.status"
    node deploy/dev/summary.mjs --line "$results/$name.trx" "$name" $((SECONDS - began)) >&2
}

test_snippet() {
    local began=$SECONDS code=0
    CI=1 within 480 npm --prefix snippet test --silent >$results/snippet.log 2>&1 || code=$?
    echo "$code" >$results/snippet.status
    node deploy/dev/summary.mjs --line $results/snippet.log snippet $((SECONDS - began)) >&2
}

# within SECONDS COMMAND...: in a process group of its own, which the time limit or Ctrl-C ends as a whole.
within() {
    local code=0
    timeout --kill-after=20 "$@" </dev/null &
    child=$!
    wait "$child" || code=$?
    child=
    return $code
}
