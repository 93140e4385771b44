using System.Buffers.Binary;
using System.Threading.Channels;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>The other side of <see cref="QuarantineProcess"/>: reads messages from standard input, answers a line for each.</summary>
internal static class QuarantineChild
{
    public const string Ready = "ready";
    public const string Fine = "ok";

    /// <param name="probe">Throws where the message breaks the stage.</param>
    /// <param name="orphaned">Called where the input ends, also in the middle of a message that never ends; must end this process.</param>
    public static async Task<int> RunAsync(Action<ReadOnlyMemory<byte>> probe, Stream input, TextWriter output, Action orphaned)
    {
        var messages = Channel.CreateUnbounded<byte[]>();
        // A thread of its own: the stage may never return, and the worker may die meanwhile, whatever it dies of.
        new Thread(() => Read(input, messages.Writer, orphaned)) { IsBackground = true, Name = "input" }.Start();
        await output.WriteLineAsync(Ready);
        await output.FlushAsync();
        await foreach (var message in messages.Reader.ReadAllAsync())
        {
            await output.WriteLineAsync(Answer(probe, message));
            await output.FlushAsync();
        }

        return 0;
    }

    private static void Read(Stream input, ChannelWriter<byte[]> messages, Action orphaned)
    {
        try
        {
            var length = new byte[4];
            while (input.ReadAtLeast(length, 4, throwOnEndOfStream: false) == 4)
            {
                var message = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
                input.ReadExactly(message);
                messages.TryWrite(message);
            }
        }
        catch (IOException)
        {
            // It ended within a message.
        }

        orphaned();
        messages.TryComplete();
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
