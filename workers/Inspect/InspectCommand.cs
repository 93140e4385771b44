using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ErrorPipeline.Workers.Inspect;

/// <summary>
/// "workers inspect": for people who want to know why. One JSON object per line in, one per line out, in the same order; a line that
/// cannot be answered gets <c>{"error": ...}</c> and the rest go on.
/// </summary>
internal static class InspectCommand
{
    public const string Verb = "inspect";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> RunAsync(Stream input, Stream output)
    {
        using var lines = new StreamReader(input, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        await using var answers = new BufferedStream(output, 64 * 1024);
        var buffer = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var next = lines.ReadLineAsync();
            // Whoever waits for an answer before asking on gets it.
            if (!next.IsCompleted)
                await answers.FlushAsync();
            if (await next is not { } line)
                break;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            buffer.ResetWrittenCount();
            Answer(line, buffer);
            await answers.WriteAsync(buffer.WrittenMemory);
            answers.WriteByte((byte)'\n');
        }

        return 0;
    }

    private static void Answer(string line, ArrayBufferWriter<byte> buffer)
    {
        try
        {
            using var question = JsonDocument.Parse(line);
            using var json = new Utf8JsonWriter(buffer, Compact);
            json.WriteStartObject();
            Questions.Answer(question.RootElement, json);
            json.WriteEndObject();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or FormatException or ArgumentException)
        {
            buffer.ResetWrittenCount();
            using var json = new Utf8JsonWriter(buffer, Compact);
            json.WriteStartObject();
            json.WriteString("error", e.Message);
            json.WriteEndObject();
        }
    }
}
