using NodaTime;
using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Engine.Mail.Templates;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>What the guards need to know of one contact; counts the runs that the same call makes.</summary>
internal sealed class KnownContact(DoorContact contact, KnownSuppressions suppressions, IReadOnlyList<string> missing, Instant now)
{
    private readonly List<OpenRun> openHere = [];
    private readonly List<OpenRun> openElsewhere = [];
    private int earlier;

    public GuardFacts Facts(Sequence sequence, Schedule? ownerHours) => new(
        ContactSchedules.Of(sequence, contact.TimeZone, ownerHours), suppressions.OptedOut(contact.Email), suppressions.KnownBad(contact.Email), suppressions.SuppressedBy(contact.Email),
        earlier, [.. openHere], [.. openElsewhere], EmailAddress.TryParse(contact.Email, out _), missing, contact.AbsenceAt(now));

    public void Count(Enrollment run, Sequence sequence) => Count(run.Id, run.IsOpen, sequence, here: true);

    public void Count(EnrollmentId id, bool open, Sequence sequence, bool here)
    {
        if (here) earlier++;
        if (open) (here ? openHere : openElsewhere).Add(new(id, sequence.Id, sequence.Name, sequence.Settings.OneAtATime));
    }
}

/// <summary>Loads what the guards look at for a batch of contacts, whose rows it locks: of a hundred enrollments of one contact at once, one wins.</summary>
internal sealed class GuardFactsReader(SequenceCatalog sequences, EmailTemplates templates)
{
    // What the sender has is known when the step comes due; here only the contact's fields count.
    private static readonly MergeSender AnySender = new("sender", "sender@localhost");

    public async Task<(Dictionary<ContactId, KnownContact> Known, IReadOnlyList<Problem> Problems)> LoadAsync(
        Session session, WorkspaceId workspace, IReadOnlyList<ContactId> asked, Sequence sequence, Instant now, CancellationToken cancel)
    {
        var contacts = await session.QueryAsync<DoorContact>($"""
            select {DoorContact.Columns} from contact
            where workspace_id = @workspace and deleted_at is null and {session.Dialect.In("id", "@ids")} order by id {session.Dialect.ForUpdate}
            """, new { workspace, ids = session.Dialect.List(asked.Select(id => id.Value).Distinct()) }, cancel);
        var found = contacts.Select(contact => contact.Id).ToHashSet();
        var problems = asked.Select((id, index) => (id, index)).Where(one => !found.Contains(one.id))
            .Select(one => new Problem($"contactIds[{one.index}]", "not_found", $"There is no contact {one.id}.")).ToList();
        if (problems.Count > 0) return ([], problems);
        var suppressions = await KnownSuppressions.LoadAsync(session, workspace, contacts.Select(contact => contact.Email), cancel);
        var known = contacts.ToDictionary(contact => contact.Id, contact => new KnownContact(contact, suppressions, MissingFields(sequence, contact), now));
        await CountRunsAsync(session, known, sequence, cancel);
        return (known, []);
    }

    private IReadOnlyList<string> MissingFields(Sequence sequence, DoorContact contact)
    {
        var merged = ContactMerge.Of(contact);
        return [.. sequence.Steps.Where(step => step.Kind == StepKind.Email)
            .SelectMany(step => templates.MissingFields(step.Email!, merged, AnySender)).Distinct().Order(StringComparer.Ordinal)];
    }

    private async Task CountRunsAsync(Session session, Dictionary<ContactId, KnownContact> known, Sequence sequence, CancellationToken cancel)
    {
        var runs = await session.QueryAsync<RunRow>($"""
            select id as Id, contact_id as Contact, sequence_id as Sequence, sequence_version as Version, state as State from enrollment
            where {session.Dialect.In("contact_id", "@ids")} and not rejected
            """, new { ids = session.Dialect.List(known.Keys.Select(id => id.Value)) }, cancel);
        foreach (var run in runs)
        {
            var its = run.Sequence == sequence.Id ? sequence : await sequences.GetAsync(session, run.Sequence, run.Version, cancel);
            known[run.Contact].Count(run.Id, EnrollmentStates.FromWireName(run.State).IsOpen(), its, run.Sequence == sequence.Id);
        }
    }

    private sealed class RunRow
    {
        public EnrollmentId Id { get; init; }
        public ContactId Contact { get; init; }
        public SequenceId Sequence { get; init; }
        public int Version { get; init; }
        public string State { get; init; } = "";
    }
}
