using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Contacts;

/// <summary>Tells a contact's runs what became of him.</summary>
public sealed class ContactNews(Database database, EnrollmentStore door, TimeProvider time)
{
    private static string OpenSql(Dialect dialect) =>
        $"""
        select id from enrollment where {dialect.In("contact_id", "@contacts")} and workspace_id = @workspace
            and state in ('active', 'pending', 'paused', 'paused_o3', 'failed') order by id
        """;

    private static string FailedSql(Dialect dialect) =>
        $"""
        select id from enrollment where {dialect.In("contact_id", "@contacts")} and workspace_id = @workspace
            and state in ('paused', 'paused_o3', 'failed') and failure_cause = @cause order by id
        """;

    /// <summary>What was missing may be there now: the runs that failed for want of it try again, and fail again if it is not.</summary>
    public async Task FilledAsync(WorkspaceId workspace, IReadOnlyCollection<ContactId> contacts, Actor by, CancellationToken cancel)
    {
        await ClearAsync(workspace, contacts, FailureCause.MissingField, by, cancel);
        await ClearAsync(workspace, contacts, FailureCause.NoAddress, by, cancel);
    }

    public async Task DeletedAsync(WorkspaceId workspace, ContactId contact, Actor by, CancellationToken cancel)
    {
        var open = await database.ReadAsync(session => session.QueryAsync<EnrollmentId>(OpenSql(session.Dialect), Of(session, workspace, [contact], null), cancel), cancel);
        var now = time.Now();
        await door.SignalAsync(workspace, open, _ => new Removed(now, by, RemovalRule.ContactDeleted), cancel);
    }

    private async Task ClearAsync(WorkspaceId workspace, IReadOnlyCollection<ContactId> contacts, FailureCause cause, Actor by, CancellationToken cancel)
    {
        var failed = await database.ReadAsync(
            session => session.QueryAsync<EnrollmentId>(FailedSql(session.Dialect), Of(session, workspace, contacts, Failure.WireName(cause)), cancel), cancel);
        var now = time.Now();
        if (failed.Count > 0) await door.SignalAsync(workspace, failed, _ => new CauseCleared(now, by, cause), cancel);
    }

    private static object Of(Session session, WorkspaceId workspace, IEnumerable<ContactId> contacts, string? cause) =>
        new { workspace, contacts = session.Dialect.List(contacts.Select(contact => contact.Value)), cause };
}
