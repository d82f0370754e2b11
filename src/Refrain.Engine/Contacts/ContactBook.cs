using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Contacts;

/// <summary>Writes contacts. An address belongs to one contact of a workspace.</summary>
public sealed class ContactBook(Database database, ContactNews news, TimeProvider time)
{
    private const int Batch = 500;

    private const string OneSql =
        $"""
        select {ContactRow.Columns} from contact where workspace_id = @workspace and id = @id and deleted_at is null
        """;

    // The address is freed for somebody else; timelines point at a row without a name.
    private const string EraseSql =
        """
        update contact set email = '', first_name = null, last_name = null, company = null, title = null, phone = null, time_zone = null, fields = '{}', deleted_at = @now
        where workspace_id = @workspace and id = @id and deleted_at is null
        """;

    public async Task<Answer<Created>> CreateAsync(WorkspaceId workspace, ContactDetails details, CancellationToken cancel)
    {
        var findings = ContactProblems.Find(details, out var email);
        if (findings.Any) return new Answer<Created>.Wrong(findings.All);
        return await database.WriteAsync<Answer<Created>>(
            async session =>
            {
                var row = ContactRow.Of(ContactId.New(), email, details, time.Now());
                if (await session.InsertAsync(ContactRow.Insert, [(workspace, row)], cancel, "on conflict do nothing") == 1) return new Created(row.Id.ToString());
                return Exists((await ByEmailAsync(session, workspace, [email.Value], cancel))[0]);
            },
            cancel);
    }

    public async Task<Answer<Contact>> ChangeAsync(WorkspaceId workspace, ContactId id, ContactDetails details, Core.Enrollments.Actor by, CancellationToken cancel)
    {
        var findings = ContactProblems.Find(details, out var email);
        if (findings.Any) return new Answer<Contact>.Wrong(findings.All);
        var answer = await database.WriteAsync(session => ChangeAsync(session, workspace, id, email, details, cancel), cancel);
        if (answer is Answer<Contact>.Done) await news.FilledAsync(workspace, [id], by, cancel);
        return answer;
    }

    /// <summary>Takes the contact out of every sequence, then erases what is known of him. False when there is no such contact.</summary>
    public async Task<bool> DeleteAsync(WorkspaceId workspace, ContactId id, Core.Enrollments.Actor by, CancellationToken cancel)
    {
        var there = await database.ReadAsync(session => session.FirstAsync<ContactRow>(OneSql, new { workspace, id }, cancel), cancel);
        if (there is null) return false;
        await news.DeletedAsync(workspace, id, by, cancel);
        return await database.WriteAsync(session => session.ExecuteAsync(EraseSql, new { workspace, id, now = time.Now() }, cancel), cancel) == 1;
    }

    /// <summary>The contacts of these addresses, in their order; unknown ones are made.</summary>
    internal async Task<IReadOnlyList<ContactId>> EnsureAsync(Session session, WorkspaceId workspace, IReadOnlyList<EmailAddress> emails, CancellationToken cancel)
    {
        var found = new Dictionary<string, ContactId>(StringComparer.Ordinal);
        foreach (var chunk in emails.Select(email => email.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Chunk(Batch))
            foreach (var row in await EnsureAsync(session, workspace, chunk, cancel)) found[row.Email] = row.Id;
        return [.. emails.Select(email => found[email.Value])];
    }

    /// <summary>Which of these contacts there are.</summary>
    internal static async Task<IReadOnlySet<ContactId>> ExistingAsync(Session session, WorkspaceId workspace, IReadOnlyList<ContactId> ids, CancellationToken cancel) =>
        (await session.QueryAsync<ContactId>(
            $"select id from contact where workspace_id = @workspace and deleted_at is null and {session.Dialect.In("id", "@ids")}",
            new { workspace, ids = session.Dialect.List(ids.Select(id => id.Value)) }, cancel)).ToHashSet();

    internal static Task<IReadOnlyList<ContactRow>> ByEmailAsync(Session session, WorkspaceId workspace, IReadOnlyList<string> emails, CancellationToken cancel) =>
        session.QueryAsync<ContactRow>(
            $"select {ContactRow.Columns} from contact where workspace_id = @workspace and {session.Dialect.InTexts("email", "@emails")} and deleted_at is null",
            new { workspace, emails = session.Dialect.Texts(emails) }, cancel);

    private static async Task<Answer<Contact>> ChangeAsync(
        Session session, WorkspaceId workspace, ContactId id, EmailAddress email, ContactDetails details, CancellationToken cancel)
    {
        if (await session.FirstAsync<ContactRow>(OneSql, new { workspace, id }, cancel) is not { } before) return new Answer<Contact>.Missing();
        if ((await ByEmailAsync(session, workspace, [email.Value], cancel)).FirstOrDefault(other => other.Id != id) is { } other)
            return new Answer<Contact>.Conflict("contact_exists", $"Another contact has the address {other.Email}.", other.Id.ToString());
        var after = ContactRow.Of(id, email, details, before.CreatedAt) with { AwaySince = before.AwaySince, AwayUntil = before.AwayUntil };
        await session.UpdateAsync(ContactRow.Update, [after], cancel);
        return after.ToContact();
    }

    private async Task<IReadOnlyList<ContactRow>> EnsureAsync(Session session, WorkspaceId workspace, string[] emails, CancellationToken cancel)
    {
        var known = await ByEmailAsync(session, workspace, emails, cancel);
        if (known.Count == emails.Length) return known;
        var now = time.Now();
        var unknown = emails.Except(known.Select(row => row.Email), StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(email => (workspace, new ContactRow { Id = ContactId.New(), Email = email, CreatedAt = now })).ToList();
        await session.InsertAsync(ContactRow.Insert, unknown, cancel, "on conflict do nothing");
        return await ByEmailAsync(session, workspace, emails, cancel);
    }

    private static Answer<Created>.Conflict Exists(ContactRow there) =>
        new("contact_exists", $"There is a contact with the address {there.Email} already.", there.Id.ToString());
}
