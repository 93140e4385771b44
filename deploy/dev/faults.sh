# ./dev faults

faults() {
    need_sdks
    need_packages redis-server:redis-server faketime:faketime
    say "building ..."
    with_build_lock build_snippet
    with_build_lock dotnet build tests/Faults -c Release -v q --nologo </dev/null >&2 || fail "the build failed"
    dotnet tests/Faults/bin/Release/net10.0/ErrorPipeline.Faults.dll "$@"
}
