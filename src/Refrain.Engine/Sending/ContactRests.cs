using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>
/// The least time between two automatic emails to one contact in a sequence that enrolls the same person any number of times. Other sequences let a contact be in them
/// once only, and their own delays keep the emails apart.
/// </summary>
internal sealed class ContactRests
{
    private static readonly Duration Rest = Duration.FromHours(24);
    private readonly ILookup<ContactId, Mailed> mailed;
    private readonly HashSet<ContactId> now = [];

    private ContactRests(IEnumerable<Mailed> mailed) => this.mailed = mailed.ToLookup(one => one.Contact);

    private const string MailedSql = """
        select e.contact_id as Contact, m.enrollment_id as Run, m.step_id as Step, coalesce(m.outcome_at, m.intended_at) as At
        from enrollment e join outbound_message m on m.bucket = e.bucket and m.enrollment_id = e.id
        where m.status in ('intended', 'handed', 'unknown', 'accepted', 'bounced') and coalesce(m.outcome_at, m.intended_at) > @since and
        """;

    public static bool Concerns(Sequence sequence) => sequence.Settings.Readd == ReaddRule.Any;

    /// <summary>Locks the contacts, so that two processes do not let two emails through at once. Before the runs are locked, as enrolling does it.</summary>
    public static async Task LockAsync(Session session, IReadOnlyCollection<ContactId> contacts, CancellationToken cancel)
    {
        if (contacts.Count > 0)
            await session.QueryAsync<Guid>($"select id from contact where {session.Dialect.In("id", "@ids")} order by id {session.Dialect.ForUpdate}", new { ids = Ids(session, contacts) }, cancel);
    }

    public static async Task<ContactRests> LoadAsync(Session session, IReadOnlyCollection<ContactId> contacts, Instant now, CancellationToken cancel) => contacts.Count == 0
        ? new([])
        : new(await session.QueryAsync<Mailed>($"{MailedSql} {session.Dialect.In("e.contact_id", "@ids")}", new { since = now - Rest, ids = Ids(session, contacts) }, cancel));

    /// <summary>Until when the contact is left alone; null when an email may go. An earlier attempt at the same email does not count.</summary>
    public Instant? Until(DueCase due)
    {
        var run = due.Case.Enrollment;
        if (!Concerns(due.Case.Sequence)) return null;
        if (now.Contains(run.Contact)) return due.Now + Rest;
        var newest = mailed[run.Contact].Where(one => one.Run != run.Id || one.Step != run.Position.Step).Select(one => (Instant?)one.At).Max();
        return newest is { } at && at + Rest > due.Now ? at + Rest : null;
    }

    /// <summary>An email goes to the contact now.</summary>
    public void Mail(Enrollment run) => now.Add(run.Contact);

    private static object Ids(Session session, IEnumerable<ContactId> contacts) => session.Dialect.List(contacts.Select(id => id.Value).Distinct());

    private sealed class Mailed
    {
        public ContactId Contact { get; init; }
        public EnrollmentId Run { get; init; }
        public StepId Step { get; init; }
        public Instant At { get; init; }
    }
}
