using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Serilog;

namespace ErrorPipeline.Shared.Hosting;

/// <summary>Runs a process so that what a person has to correct is one line on the error output, not a stack trace.</summary>
public static class Startup
{
    /// <summary>EX_CONFIG of sysexits.h: wrong settings; starting again will not help.</summary>
    public const int ConfigurationExitCode = 78;

    /// <summary>
    /// Builds and runs until SIGTERM or Ctrl-C. 0 after a graceful stop, <see cref="ConfigurationExitCode"/> for bad settings,
    /// 1 where an address is taken. Anything else is a bug and escapes with its stack trace.
    /// </summary>
    public static async Task<int> RunAsync(Func<IHost> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        try
        {
            using var host = build();
            await host.RunAsync();
            return 0;
        }
        catch (OptionsValidationException bad)
        {
            foreach (var failure in bad.Failures)
                await Console.Error.WriteLineAsync($"configuration: {failure}");
            return ConfigurationExitCode;
        }
        catch (InvalidDataException bad) when (bad.Message.StartsWith("Failed to load configuration", StringComparison.Ordinal))
        {
            await Console.Error.WriteLineAsync($"configuration: errorpipeline.json is not JSON: {bad.InnerException?.Message ?? bad.Message}");
            return ConfigurationExitCode;
        }
        catch (FormatException bad) when (bad.Message.StartsWith("Invalid url", StringComparison.OrdinalIgnoreCase))
        {
            await Console.Error.WriteLineAsync($"configuration: ERRORPIPELINE_URLS: {bad.Message}. Allowed are addresses such as http://127.0.0.1:5081, more by semicolon");
            return ConfigurationExitCode;
        }
        catch (InvalidOperationException bad) when (bad.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal))
        {
            await Console.Error.WriteLineAsync($"configuration: {bad.Message}");
            return ConfigurationExitCode;
        }
        catch (Exception bad) when (bad is DllNotFoundException or ArgumentException { ParamName: "uri" })
        {
            await Console.Error.WriteLineAsync($"configuration: {bad.Message.Split(" (Parameter")[0]}");
            return ConfigurationExitCode;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException or SocketException)
        {
            await Console.Error.WriteLineAsync($"cannot listen: {taken.Message} Change ERRORPIPELINE_URLS.");
            return 1;
        }
        finally
        {
            await Log.CloseAndFlushAsync();
        }
    }
}
