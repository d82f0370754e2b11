using System.Net;
using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Requests;

/// <summary>What callers get wrong is told to them by name; nothing is done by halves, and the server goes on.</summary>
public sealed class BadRequestTests(Stages stages)
{
    private const string GoodStep = """{"kind":"email","subject":"Hello","text":"Hello"}""";

    [Theory]
    [OnEveryDatabase("an unknown member", """{"name":"Bad","colour":"red","steps":[]}""", "colour")]
    [OnEveryDatabase("an unknown setting", """{"name":"Bad","settings":{"stopOnReplies":true},"steps":[]}""", "settings.stopOnReplies")]
    [OnEveryDatabase("a kind that is none", """{"name":"Bad","steps":[{"kind":"pigeon","subject":"Hello","text":"Hello"}]}""", "steps[0].kind")]
    [OnEveryDatabase("a rule that is none", """{"name":"Bad","settings":{"readd":"sometimes"},"steps":[]}""", "settings.readd")]
    [OnEveryDatabase("a number in words", """{"name":"Bad","settings":{"weight":"heavy"},"steps":[]}""", "settings.weight")]
    [OnEveryDatabase("a name twice", """{"name":"Bad","name":"Worse","steps":[]}""", "name")]
    [OnEveryDatabase("no name", """{"steps":[]}""", "name")]
    public async Task a_sequence_that_is_not_written_as_agreed_is_refused_by_name(DatabaseKind kind, string what, string body, string field)
    {
        var (_, _, client) = await stages.OnAsync(kind);

        var refused = await client.RefusedAsync(HttpMethod.Post, "sequences", body);

        ((int)refused.Status).ShouldBeInRange(400, 422, what);
        refused.Fields.ShouldContain(field, $"{what}: {refused.Problem}");
        (await client.AllAsync<SequenceLine>("sequences")).ShouldNotContain(line => line.Name == "Bad" || line.Name == "Worse");
    }

    [Theory]
    [OnEveryDatabase("""{"kind":"email","text":"Hello"}""", "steps[1].subject")]
    [OnEveryDatabase("""{"kind":"email","subject":"Hello","text":"Hello","delay":{"value":-1,"unit":"days"}}""", "steps[1].delay")]
    [OnEveryDatabase("""{"kind":"email","subject":"Hello","text":"Hello {{ contact.first_nmae }}"}""", "steps[1].text")]
    [OnEveryDatabase("""{"kind":"email","subject":"Hello {{ contact.email | shout }}","text":"Hello"}""", "steps[1].subject")]
    [OnEveryDatabase("""{"kind":"call"}""", "steps[1].title")]
    public async Task a_step_that_cannot_be_done_is_never_published(DatabaseKind kind, string step, string field)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var name = $"Draft {Guid.CreateVersion7():n}";

        var refused = await RefusedAtSaveOrPublishAsync(client, $$"""{"name":"{{name}}","steps":[{{GoodStep}},{{step}}]}""");

        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Fields.ShouldContain(found => found.StartsWith(field, StringComparison.Ordinal), refused.Problem.ToString());
        (await client.AllAsync<SequenceLine>("sequences")).ShouldNotContain(line => line.Name == name && line.Version > 0);
    }

    [Theory]
    [OnEveryDatabase("contacts", """{"email":"not an address"}""", "email")]
    [OnEveryDatabase("contacts", """{"email":"Ann <ann@example.com>"}""", "email")]
    [OnEveryDatabase("contacts", """{"email":"ann@example.com","timeZone":"Mars/Olympus"}""", "timeZone")]
    [OnEveryDatabase("contacts", """{"email":"ann@example.com","firstName":"\u0000"}""", "firstName")]
    [OnEveryDatabase("suppressions", """{"value":"@@"}""", "value")]
    [OnEveryDatabase("mailboxes", """{"name":"A","address":"a@ours.test","smtp":{"host":"h","port":99999,"security":"tls","user":"u","password":"p"},"imap":{"host":"h","port":993,"security":"tls","user":"u","password":"p"}}""", "smtp.port")]
    [OnEveryDatabase("mailboxes", """{"name":"A","address":"a@ours.test","smtp":{"host":"h","port":25,"security":"ssl","user":"u","password":"p"},"imap":{"host":"h","port":993,"security":"tls","user":"u","password":"p"}}""", "smtp.security")]
    [OnEveryDatabase("enrollments/bulk", """{"action":"obliterate","ids":[]}""", "action")]
    public async Task a_value_that_is_none_is_refused_by_name(DatabaseKind kind, string path, string body, string field)
    {
        var (_, _, client) = await stages.OnAsync(kind);

        var refused = await client.RefusedAsync(HttpMethod.Post, path, body);

        ((int)refused.Status).ShouldBeInRange(400, 422);
        refused.Fields.ShouldContain(field, refused.Problem.ToString());
        (await client.AllAsync<Contact>("contacts")).ShouldNotContain(contact => contact.Email == "ann@example.com");
    }

    [Theory, OnEveryDatabase]
    public async Task one_unknown_contact_refuses_the_whole_enrollment(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var contact = await client.PostAsync<Created>("contacts", new ContactDetails(MailLab.Fresh("lead")));
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro")));
        var stranger = Guid.CreateVersion7().ToString("N");

        var refused = await client.RefusedAsync(
            HttpMethod.Post, $"sequences/{sequence}/enrollments", new Enroll(ContactIds: [contact.Id, stranger], MailboxId: mailbox.Id));

        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Fields.ShouldContain("contactIds[1]", refused.Problem.ToString());
        (await client.EnrollmentsOfAsync(sequence)).ShouldBeEmpty();
    }

    [Theory, OnEveryDatabase]
    public async Task what_is_no_json_is_told_with_its_place(DatabaseKind kind)
    {
        var (_, server, client) = await stages.OnAsync(kind);

        foreach (var broken in (string[])["{\"name\":", "[1,2", "\"", "nonsense", "\u0000", new string('[', 100_000)])
        {
            var refused = await client.RefusedAsync(HttpMethod.Post, "sequences", broken);
            refused.Status.ShouldBe(HttpStatusCode.BadRequest);
            refused.Problem.Code.ShouldNotBeNullOrWhiteSpace();
        }
        server.IsRunning.ShouldBeTrue();
    }

    [Theory, OnEveryDatabase]
    public async Task fifty_megabytes_are_too_much(DatabaseKind kind)
    {
        var (_, server, client) = await stages.OnAsync(kind);

        var refused = await client.RefusedAsync(HttpMethod.Post, "contacts", new StreamContent(new MemoryStream(new byte[50_000_000])));

        refused.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        server.IsRunning.ShouldBeTrue();
        (await client.GetAsync<Page<Contact>>("contacts")).ShouldNotBeNull();
    }

    [Theory, OnEveryDatabase]
    public async Task without_a_key_nothing_is_told(DatabaseKind kind)
    {
        var (_, server, _) = await stages.OnAsync(kind);
        using var stranger = new RefrainClient(server.Url, "rf_nobody");

        (await stranger.RefusedAsync(HttpMethod.Get, "contacts")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.RefusedAsync(HttpMethod.Post, "contacts", new ContactDetails("ann@example.com"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<Refused> RefusedAtSaveOrPublishAsync(RefrainClient client, string body)
    {
        var (saved, refused) = await client.TryPostAsync<SequenceSaved>("sequences", body);
        return refused ?? await client.RefusedAsync(HttpMethod.Post, $"sequences/{saved!.Id}/publish", new Publish());
    }
}
