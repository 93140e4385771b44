using System.Text;
using ErrorPipeline.Workers.Normalize.Reading;
using EventId = ErrorPipeline.Shared.Protocols.EventId;

namespace ErrorPipeline.Workers.Normalize.Protocols.Sentry;

/// <summary>
/// What a visitor says of an error: an item <c>feedback</c>, an event whose context has the words, or the old <c>user_report</c>. Where it names no
/// event it is a message like others, so that it is not lost.
/// </summary>
internal static class FeedbackAdapter
{
    private const string Type = "Feedback";

    public static ReadEvent Read(JsonValue body)
    {
        var told = body["contexts"]["feedback"];
        var isReport = !told.IsObject;
        var message = (isReport ? Told.Message(body["comments"]) : Told.Message(told["message"])) ?? "";
        var about = EventId.TryParse(Encoding.UTF8.GetBytes(Told.Name(isReport ? body["event_id"] : told["associated_event_id"]) ?? ""), out var id) ? id.ToString() : null;
        var (name, email) = isReport ? (Told.Name(body["name"]), Told.Name(body["email"])) : (Told.Name(told["name"]), Told.Name(told["contact_email"]));
        var read = SentryAdapter.Read(body);
        return read with
        {
            Fault = new(Type, message, null),
            Handled = true,
            Mechanism = "feedback",
            Level = "info",
            Fingerprint = about is null ? [Type] : [Type, about],
            User = read.User ?? Told.User(null, email, name),
            Feedback = about is null ? null : new(about, name, email, message),
        };
    }
}
