using System.Diagnostics;
using ErrorPipeline.PoisonWorker;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers.Tests.Pumping;

/// <summary>A child that tries what may loop for ever must not outlive whoever started it.</summary>
[TestFixture]
internal sealed class QuarantineChildTests
{
    [TestCase("fine", true)]
    [TestCase(PoisonStage.Loops, false)]
    public async Task Child_WorkerIsGone_EndsWhateverItDoes(string body, bool answers)
    {
        using var child = Process.Start(new ProcessStartInfo("dotnet", [typeof(PoisonStage).Assembly.Location, QuarantineCommand.Option, "dedupe"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            (await child.StandardOutput.ReadLineAsync().WaitAsync(PumpRig.Patience)).Should().Be(QuarantineChild.Ready);
            var message = new System.Buffers.ArrayBufferWriter<byte>();
            MessageCodec.Write(message, Some.Raw(1, body));
            await child.StandardInput.BaseStream.WriteAsync(BitConverter.GetBytes(message.WrittenCount));
            await child.StandardInput.BaseStream.WriteAsync(message.WrittenMemory);
            await child.StandardInput.BaseStream.FlushAsync();
            var answer = child.StandardOutput.ReadLineAsync();
            if (answers)
                (await answer.WaitAsync(PumpRig.Patience)).Should().Be(QuarantineChild.Fine);
            else
                await Rigs.Deadline.Until(() => child.TotalProcessorTime > TimeSpan.FromSeconds(2), PumpRig.Patience, null, "it loops");

            child.StandardInput.Close();

            await child.WaitForExitAsync().WaitAsync(PumpRig.Patience);
            answer.IsCompleted.Should().Be(true);
        }
        finally
        {
            child.Kill();
        }
    }
}
