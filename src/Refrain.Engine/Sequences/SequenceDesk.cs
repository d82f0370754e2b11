using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Forecasts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sequences;

/// <summary>Where sequences are written: a draft that anybody may change, and versions that nobody can.</summary>
public sealed class SequenceDesk(Database database, TimeProvider time)
{
    public const string Stale = "stale_revision";
    private static readonly IReadOnlySet<string> NoSteps = new HashSet<string>();

    private const string LastVersionSql =
        """
        select definition from sequence_version where sequence_id = @id and version = @version
        """;

    private const string PublishSql = "update sequence set version = @version where workspace_id = @workspace and id = @id";

    public async Task<Answer<SequenceSaved>> CreateAsync(WorkspaceId workspace, UserId owner, SequenceText text, CancellationToken cancel)
    {
        var id = SequenceId.New();
        var now = time.Now();
        var findings = SequenceProblems.OfDraft(id, text, NoSteps, now);
        if (findings.Any) return new Answer<SequenceSaved>.Wrong(findings.All);
        var draft = SequenceDefinitions.Write(SequenceDefinitions.WithIds(text));
        await database.WriteAsync(
            session => session.ExecuteAsync(InsertSql(session.Dialect), new { id, workspace, owner, name = text.Name.Trim(), draft, now }, cancel), cancel);
        return new SequenceSaved(id.ToString(), 0, 1);
    }

    /// <summary>A conflict with the code <see cref="Stale"/> when the draft is no longer at the revision that the change names.</summary>
    public async Task<Answer<SequenceSaved>> SaveAsync(WorkspaceId workspace, SequenceId id, SequenceChange change, CancellationToken cancel)
    {
        var now = time.Now();
        return await database.WriteAsync(session => SaveAsync(session, workspace, id, change, now, cancel), cancel);
    }

    /// <summary>Makes the draft the next version. Open runs stay in the version that they began in.</summary>
    public async Task<Answer<Published>> PublishAsync(WorkspaceId workspace, SequenceId id, CancellationToken cancel)
    {
        var now = time.Now();
        return await database.WriteAsync(session => PublishAsync(session, workspace, id, now, cancel), cancel);
    }

    private static async Task<Answer<SequenceSaved>> SaveAsync(
        Session session, WorkspaceId workspace, SequenceId id, SequenceChange change, Instant now, CancellationToken cancel)
    {
        if (await LockAsync(session, workspace, id, cancel) is not { } before) return new Answer<SequenceSaved>.Missing();
        if (change.Revision is { } revision && revision != before.Revision)
            return new Answer<SequenceSaved>.Conflict(Stale, $"The draft is at revision {before.Revision}, and this change was made from {revision}: somebody else has saved since.", id.ToString());
        var findings = SequenceProblems.OfDraft(id, change, await KnownStepsAsync(session, before, cancel), now);
        if (findings.Any) return new Answer<SequenceSaved>.Wrong(findings.All);
        var draft = SequenceDefinitions.Write(SequenceDefinitions.WithIds(change, SequenceDefinitions.Read(before.Draft).Steps));
        await session.ExecuteAsync(SaveSql(session.Dialect), new { workspace, id, name = change.Name.Trim(), draft }, cancel);
        return new SequenceSaved(id.ToString(), before.Version, before.Revision + 1);
    }

    internal static async Task<Answer<Published>> PublishAsync(Session session, WorkspaceId workspace, SequenceId id, Instant now, CancellationToken cancel)
    {
        if (await LockAsync(session, workspace, id, cancel) is not { } before) return new Answer<Published>.Missing();
        var text = SequenceDefinitions.Read(before.Draft);
        var problems = SequenceProblems.OfPublication(id, text, now);
        if (problems.Count > 0) return new Answer<Published>.Wrong(problems);
        var version = before.Version + 1;
        await session.ExecuteAsync(VersionSql(session.Dialect), new { id, version, definition = SequenceDefinitions.Write(text), now }, cancel);
        await session.ExecuteAsync(PublishSql, new { workspace, id, version }, cancel);
        return new Published(version, Warnings(SequenceDefinitions.ToSequence(id, version, text), now));
    }

    private static IReadOnlyList<Warning> Warnings(Core.Sequences.Sequence sequence, Instant now) =>
        FinishCheck.Find(sequence, ContactSchedules.Of(sequence, contactZone: null), now) is { } found ? [new(found.Why.Code, found.Why.Sentence, found.Step)] : [];

    // Two editors and a publisher at once go one after the other.
    private static Task<SequenceRow?> LockAsync(Session session, WorkspaceId workspace, SequenceId id, CancellationToken cancel) =>
        session.FirstAsync<SequenceRow>($"{SequenceRow.OneSql} {session.Dialect.ForUpdate}", new { workspace, id }, cancel);

    private static async Task<IReadOnlySet<string>> KnownStepsAsync(Session session, SequenceRow before, CancellationToken cancel)
    {
        var known = SequenceDefinitions.Read(before.Draft).Steps.Select(step => step.Id!).ToHashSet(StringComparer.Ordinal);
        if (await session.FirstAsync<string>(LastVersionSql, new { id = before.Id, version = before.Version }, cancel) is { } published)
            known.UnionWith(SequenceDefinitions.Read(published).Steps.Select(step => step.Id!));
        return known;
    }

    private static string InsertSql(Dialect dialect) =>
        $"""
        insert into sequence (id, workspace_id, member_id, name, draft, created_at) values (@id, @workspace, @owner, @name, {dialect.Json("@draft")}, @now)
        """;

    private static string SaveSql(Dialect dialect) =>
        $"""
        update sequence set name = @name, draft = {dialect.Json("@draft")}, draft_revision = draft_revision + 1 where workspace_id = @workspace and id = @id
        """;

    private static string VersionSql(Dialect dialect) =>
        $"""
        insert into sequence_version (sequence_id, version, definition, published_at) values (@id, @version, {dialect.Json("@definition")}, @now)
        """;
}
