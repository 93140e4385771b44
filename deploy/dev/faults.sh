# ./dev faults

faults() {
    need_sdks
    need_packages redis-server:redis-server mkfs.ext4:e2fsprogs
    want_package faketime faketime "to run processes with wrong clocks"
    say "building ..."
    with_build_lock build_snippet
    if [[ " $* " == *" --without "* ]]; then
        without_guards "$@"
        return
    fi
    with_build_lock dotnet build tests/Faults -c Release -v q --nologo </dev/null >&2 || fail "the build failed"
    # As users run them: compiled ahead, they are back sooner after each kill.
    with_build_lock build_apps
    local status=0
    ERRORPIPELINE_TEST_APPS=$root/$built dotnet tests/Faults/bin/Release/net10.0/ErrorPipeline.Faults.dll "$@" || status=$?
    # All of it, and not a part: then the suite itself is put to the test.
    if [[ " $* " != *" --case "* && " $* " != *" --list "* && " $* " != *" --short "* && $status != 130 ]]; then
        without_guards --without all || status=$?
    fi
    return $status
}

# The build whose guards can be taken away, one at a time: the suite must fail for each.
without_guards() {
    with_build_lock dotnet build tests/Faults -c Mutations -v q --nologo </dev/null >&2 || fail "the build without guards failed"
    dotnet tests/Faults/bin/Mutations/net10.0/ErrorPipeline.Faults.dll "$@"
}
