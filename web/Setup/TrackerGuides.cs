namespace ErrorPipeline.Web.Setup;

/// <summary>Clients of error trackers.</summary>
internal static class TrackerGuides
{
    public static readonly IReadOnlyList<ClientGuide> All =
    [
        new("sentry", "Sentry", "@sentry/browser 5 to 11, and the SDKs of frameworks built on it", "sentry")
        {
            Change =
            [
                new("Put this in the place of your DSN. The number is not looked at: the key alone says which project it is.", "dsn: 'https://KEY@errors.example/1',"),
                new("Where ad blockers are about, send through an address that they do not know, on this collector or on a host of your own:", "tunnel: 'https://errors.example/tunnel',"),
            ],
            New =
            [
                new("Install it:", "npm install @sentry/browser"),
                new(
                    "Start it before the rest of your code:",
                    """
                    import * as Sentry from '@sentry/browser'

                    Sentry.init({
                      dsn: 'https://KEY@errors.example/1',
                      release: 'shop@1.4.2',
                      environment: 'production',
                    })
                    """),
            ],
            Notes =
            [
                "Taken are `/api/{n}/envelope/` and `/api/{n}/store/` with any prefix before, `/tunnel`, `/monitoring` and `/api/KEY/tunnel`. The key is found in the query, in `X-Sentry-Auth`, or in the envelope's `dsn`.",
                "Transactions, replays, attachments and the like are answered and dropped (envelopes up to 20 MB); sessions and client reports are counted, and what visitors say of an error is kept with it.",
            ],
        },
        new("bugsnag", "Bugsnag", "@bugsnag/js", "bugsnag")
        {
            Change =
            [
                new(
                    "Set these two, and leave the rest:",
                    """
                    apiKey: 'KEY',
                    endpoints: { notify: 'https://errors.example/notify', sessions: 'https://errors.example/sessions' },
                    """),
            ],
            New =
            [
                new("Install it:", "npm install @bugsnag/js"),
                new(
                    "Start it before the rest of your code:",
                    """
                    import Bugsnag from '@bugsnag/js'

                    Bugsnag.start({
                      apiKey: 'KEY',
                      endpoints: { notify: 'https://errors.example/notify', sessions: 'https://errors.example/sessions' },
                      appVersion: '1.4.2',
                      releaseStage: 'production',
                    })
                    """),
            ],
        },
        new("rollbar", "Rollbar", "rollbar", "rollbar")
        {
            Change =
            [
                new(
                    "Set these two, and leave the rest:",
                    """
                    accessToken: 'KEY',
                    endpoint: 'https://errors.example/api/1/item/',
                    """),
            ],
            New =
            [
                new("Install it:", "npm install rollbar"),
                new(
                    "Start it before the rest of your code:",
                    """
                    import Rollbar from 'rollbar'

                    const rollbar = new Rollbar({
                      accessToken: 'KEY',
                      endpoint: 'https://errors.example/api/1/item/',
                      captureUncaught: true,
                      captureUnhandledRejections: true,
                      environment: 'production',
                      payload: { client: { javascript: { code_version: '1.4.2' } } },
                    })
                    """),
            ],
        },
        new("airbrake", "Airbrake", "@airbrake/browser", "airbrake")
        {
            Change =
            [
                new(
                    "Set these, and leave the rest:",
                    """
                    projectId: 1,
                    projectKey: 'KEY',
                    host: 'https://errors.example',
                    remoteConfigHost: 'https://errors.example',
                    apmHost: 'https://errors.example',
                    """),
            ],
            New =
            [
                new("Install it:", "npm install @airbrake/browser"),
                new(
                    "Start it before the rest of your code:",
                    """
                    import { Notifier } from '@airbrake/browser'

                    const airbrake = new Notifier({
                      projectId: 1,
                      projectKey: 'KEY',
                      host: 'https://errors.example',
                      remoteConfigHost: 'https://errors.example',
                      apmHost: 'https://errors.example',
                      environment: 'production',
                    })
                    """),
            ],
            Notes = ["The remote configuration that it loads switches performance data off."],
        },
        new("honeybadger", "Honeybadger", "@honeybadger-io/js", "honeybadger")
        {
            Change =
            [
                new(
                    "Set these two, and leave the rest:",
                    """
                    apiKey: 'KEY',
                    endpoint: 'https://errors.example',
                    """),
            ],
            New =
            [
                new("Install it:", "npm install @honeybadger-io/js"),
                new(
                    "Start it before the rest of your code:",
                    """
                    import Honeybadger from '@honeybadger-io/js'

                    Honeybadger.configure({
                      apiKey: 'KEY',
                      endpoint: 'https://errors.example',
                      environment: 'production',
                      revision: '1.4.2',
                    })
                    """),
            ],
        },
        new("raygun", "Raygun", "raygun4js", "raygun")
        {
            Change =
            [
                new(
                    "Set the address before the key, and leave the rest:",
                    """
                    rg4js('options', { apiEndpoint: 'https://errors.example' })
                    rg4js('apiKey', 'KEY')
                    """),
            ],
            New =
            [
                new("Install it:", "npm install raygun4js"),
                new(
                    "Start it before the rest of your code:",
                    """
                    import rg4js from 'raygun4js'

                    rg4js('options', { apiEndpoint: 'https://errors.example' })
                    rg4js('apiKey', 'KEY')
                    rg4js('enableCrashReporting', true)
                    rg4js('setVersion', '1.4.2.0')
                    """),
            ],
        },
        new("trackjs", "TrackJS", "trackjs", "trackjs")
        {
            Change =
            [
                new(
                    "Set these, and leave the rest:",
                    """
                    token: 'KEY',
                    errorURL: 'https://errors.example/capture', usageURL: 'https://errors.example/usage.gif', faultURL: 'https://errors.example/fault.gif',
                    """),
            ],
            New =
            [
                new("Install it:", "npm install trackjs"),
                new(
                    "Start it before the rest of your code:",
                    """
                    import { TrackJS } from 'trackjs'

                    TrackJS.install({
                      token: 'KEY',
                      errorURL: 'https://errors.example/capture', usageURL: 'https://errors.example/usage.gif', faultURL: 'https://errors.example/fault.gif',
                      application: 'shop',
                      version: '1.4.2',
                    })
                    """),
            ],
            Notes =
            [
                "`forwardingDomain: 'errors.example'` in the place of the three addresses works too; it always uses https.",
                "The agent falls silent for the rest of a page after any answer but 200 or 202, so it hears 200 even of what is dropped; the reason is in the answer's body.",
            ],
        },
    ];
}
