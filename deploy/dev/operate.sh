# The operator's commands of the executables, told where this installation is.

# operate App VERB [--data FOLDER] [options of the command]
operate() {
    local app=$1 verb=$2
    shift 2
    data=${ERRORPIPELINE_DATADIRECTORY:-data}
    if [[ ${1:-} == --data ]]; then
        data=${2:?--data needs a folder}
        shift 2
    fi
    run=$data/run
    local program=$run/apps/ErrorPipeline.$app/ErrorPipeline.$app.dll
    [[ -e $program ]] || fail "ErrorPipeline is not running (data folder: $data): ./dev up first"
    [[ -n ${ERRORPIPELINE_REDIS:-} || ! -e $run/redis.url ]] || export ERRORPIPELINE_REDIS=$(<"$run/redis.url")
    export ERRORPIPELINE_DATADIRECTORY=$data
    exec dotnet "$program" "$verb" "$@"
}
