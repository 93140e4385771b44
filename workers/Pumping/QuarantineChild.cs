using System.Buffers.Binary;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>The other side of <see cref="QuarantineProcess"/>: reads messages from standard input, answers a line for each.</summary>
internal static class QuarantineChild
{
    public const string Ready = "ready";
    public const string Fine = "ok";

    /// <param name="probe">Throws where the message breaks the stage.</param>
    public static async Task<int> RunAsync(Action<ReadOnlyMemory<byte>> probe, Stream input, TextWriter output)
    {
        await output.WriteLineAsync(Ready);
        await output.FlushAsync();
        var length = new byte[4];
        while (await input.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false) == 4)
        {
            var message = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
            await input.ReadExactlyAsync(message);
            await output.WriteLineAsync(Answer(probe, message));
            await output.FlushAsync();
        }

        return 0;
    }

    private static string Answer(Action<ReadOnlyMemory<byte>> probe, byte[] message)
    {
        try
        {
            probe(message);
            return Fine;
        }
        catch (StageFaultException e)
        {
            return OneLine(e.Message);
        }
        catch (Exception e)
        {
            return OneLine($"{e.GetType().Name}: {e.Message}");
        }
    }

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length > 500 ? line[..500] : line;
    }
}
