namespace Refrain.Server.Tests.Serving;

/// <summary>Requests that are right, for tests that are about something else.</summary>
internal static class Samples
{
    public const string Mailbox =
        """
        {"name":"Ann","address":"ann@ours.test",
         "smtp":{"host":"127.0.0.1","port":2587,"security":"starttls","user":"ann@ours.test","password":"secret one"},
         "imap":{"host":"127.0.0.1","port":2993,"security":"tls","user":"ann@ours.test","password":"secret two"}}
        """;

    /// <summary>An email after a day, then a call.</summary>
    public const string Sequence =
        """
        {"name":"Intro","steps":[
          {"kind":"email","delay":{"value":1,"unit":"days"},"subject":"Hello","text":"Hi there"},
          {"kind":"call","delay":{"value":2,"unit":"days"},"title":"Call","outcomes":{"not_interested":"unenroll"}}]}
        """;

    public const string CallSequence = """{"name":"Calls","steps":[{"kind":"call","title":"Call"}]}""";

    /// <summary>A mailbox, and a published sequence; gives its address.</summary>
    public static async Task<string> PublishedAsync(this ApiServer server, string sequence = Sequence)
    {
        (await server.Api.PostAsync("mailboxes", Mailbox)).ShouldBe(201);
        var id = (await server.Api.PostAsync("sequences", sequence)).ShouldBe(201).Id;
        (await server.Api.PostAsync($"sequences/{id}/publish")).ShouldBe(200);
        return $"sequences/{id}";
    }

    /// <summary>Enrolls an address; gives the address of its enrollment.</summary>
    public static async Task<string> EnrolledAsync(this ApiServer server, string sequence, string email = "bob@there.test")
    {
        var reply = (await server.Api.PostAsync($"{sequence}/enrollments", $$"""{"emails":["{{email}}"]}""")).ShouldBe(200);
        return $"enrollments/{reply.Json.GetProperty("enrollmentIds")[0].GetString()}";
    }
}
