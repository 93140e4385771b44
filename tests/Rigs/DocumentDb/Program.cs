using System.Globalization;
using ErrorPipeline.DocumentDb;

// documentdb CHROOT DATA PORT POSTGRES_PORT [--keep]: serves until it is told to stop; DATA goes then, unless it is to be kept.
var (chroot, data) = (args[0], args[1]);
var (port, postgresPort) = (int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
var keep = args.Contains("--keep");
using var stop = new CancellationTokenSource();
using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, Stop);
using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, Stop);

await using var engine = await Engine.StartAsync(chroot, data, postgresPort, keep, stop.Token);
await new Front(engine.Source, port).RunAsync(stop.Token);
await engine.StopAsync();

void Stop(System.Runtime.InteropServices.PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
