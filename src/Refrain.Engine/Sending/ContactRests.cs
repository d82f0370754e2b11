using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Throttles;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>When the contacts of a turn were last mailed, for <see cref="ContactRest"/>.</summary>
internal sealed class ContactRests
{
    private readonly ILookup<ContactId, Mailed> mailed;
    private readonly HashSet<ContactId> now = [];

    private ContactRests(IEnumerable<Mailed> mailed) => this.mailed = mailed.ToLookup(one => one.Contact);

    private const string MailedSql = """
        select e.contact_id as Contact, m.enrollment_id as Run, m.step_id as Step, coalesce(m.outcome_at, m.intended_at) as At
        from enrollment e join outbound_message m on m.bucket = e.bucket and m.enrollment_id = e.id
        where m.status in ('intended', 'handed', 'unknown', 'accepted', 'bounced') and coalesce(m.outcome_at, m.intended_at) > @since and
        """;

    /// <summary>Locks the contacts, so that two processes do not let two emails through at once. Before the runs are locked, as enrolling does it.</summary>
    public static async Task LockAsync(Session session, IReadOnlyCollection<ContactId> contacts, CancellationToken cancel)
    {
        if (contacts.Count > 0)
            await session.QueryAsync<Guid>($"select id from contact where {session.Dialect.In("id", "@ids")} order by id {session.Dialect.ForUpdate}", new { ids = Ids(session, contacts) }, cancel);
    }

    public static async Task<ContactRests> LoadAsync(Session session, IReadOnlyCollection<ContactId> contacts, Instant now, CancellationToken cancel) => contacts.Count == 0
        ? new([])
        : new(await session.QueryAsync<Mailed>($"{MailedSql} {session.Dialect.In("e.contact_id", "@ids")}", new { since = now - ContactRest.Length, ids = Ids(session, contacts) }, cancel));

    /// <summary>Until when the contact is left alone; null when an email may go. An earlier attempt at the same email does not count.</summary>
    public Instant? Until(DueCase due)
    {
        var run = due.Case.Enrollment;
        if (!ContactRest.Concerns(due.Case.Sequence)) return null;
        return now.Contains(run.Contact) ? due.Now + ContactRest.Length : new ContactRest(Newest(run.Contact, run.Id, run.Position.Step)).Until(due.Now);
    }

    /// <summary>When something else than this email was last mailed to the contact; null when it was long ago.</summary>
    public Instant? Newest(ContactId contact, EnrollmentId run, StepId? step) =>
        mailed[contact].Where(one => one.Run != run || one.Step != step).Select(one => (Instant?)one.At).Max();

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
