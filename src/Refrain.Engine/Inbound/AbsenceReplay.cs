using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Contacts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>
/// The absence that would lie over a run had the misread messages not come: what the contact was known to be away for when he was enrolled, what the others told since, one
/// after the other, and what ended it in between.
/// </summary>
internal sealed class AbsenceReplay(SequenceCatalog sequences)
{
    private const string RunSql = """
        select e.sequence_id as Sequence, e.sequence_version as Version, e.contact_id as Contact, c.time_zone as TimeZone,
            e.absence_since as Since, e.absence_until as Until, e.absence_dated as Dated
        from enrollment e join contact c on c.id = e.contact_id where e.bucket = @Bucket and e.id = @Id
        """;

    private const string RowsSql = $"select {EnrollmentBefore.Columns} from enrollment_before where bucket = @Bucket and enrollment_id = @Id order by ordinal";

    private const string ResumedSql = "select ordinal from enrollment_event where bucket = @Bucket and enrollment_id = @Id and signal = 'resumed' order by ordinal";

    public async Task<Hold?> OfAsync(Session session, RunKey key, Instant now, CancellationToken cancel)
    {
        var run = (await session.FirstAsync<RunRow>(RunSql, key, cancel))!;
        var sequence = await sequences.GetAsync(session, run.Sequence, run.Version, cancel);
        if (!sequence.Settings.PauseOnOutOfOffice) return run.Absence;
        var rows = await session.QueryAsync<EnrollmentBefore>(RowsSql, key, cancel);
        var resumed = await session.QueryAsync<int>(ResumedSql, key, cancel);
        var first = rows.Count == 0 ? run.Absence : StoredLayers.Read(rows[0].Layers).Absence;
        var before = rows.Count == 0 ? now : rows[0].At;
        var schedule = ContactSchedules.Of(sequence, run.TimeZone);
        var known = first is null ? null : EnrollmentMachine.HeldBy(await KnownAbsences.BeforeAsync(session, run.Contact, before, cancel), sequence, schedule, before);
        for (var index = 0; index < rows.Count; index++)
        {
            if (index > 0 && resumed.Any(ordinal => ordinal > rows[index - 1].Ordinal && ordinal < rows[index].Ordinal)) known = null;
            known = After(known, rows[index], index + 1 < rows.Count ? StoredLayers.Read(rows[index + 1].Layers).Absence : run.Absence);
        }
        if (rows.Count > 0 && resumed.Any(ordinal => ordinal > rows[^1].Ordinal)) return null;
        // What the run was not told of, because it was closed, holds it all the same: unless a user or the contact himself has ended an absence of this run.
        return known ?? (resumed.Count > 0 || rows.Any(EndsAbsence) ? null
            : EnrollmentMachine.HeldBy(await KnownAbsences.BeforeAsync(session, run.Contact, now, cancel), sequence, schedule, now));
    }

    private static bool EndsAbsence(EnrollmentBefore row) =>
        row is { UndoneAt: null, Kind: SignalKind.Replied, Moved: true } && EnrollmentStates.FromWireName(row.Made).IsOpen();

    private static Hold? After(Hold? known, EnrollmentBefore row, Hold? found)
    {
        if (row.UndoneAt is not null) return known;
        if (EndsAbsence(row)) return null;
        if (row.Kind != SignalKind.AbsenceStarted) return known;
        if (StoredLayers.ReadSaid(row.Layers) is { } said) return EnrollmentMachine.AwayAfter(known, new AbsenceStarted(said.Since, said.Until, said.Dated));
        // What a message told was not always kept: then what it came to is what the next one found.
        return row.Moved ? found : known;
    }

    private sealed class RunRow
    {
        public SequenceId Sequence { get; init; }
        public int Version { get; init; }
        public ContactId Contact { get; init; }
        public string? TimeZone { get; init; }
        public Instant? Since { get; init; }
        public Instant? Until { get; init; }
        public bool Dated { get; init; }

        public Hold? Absence => Since is { } since ? new(since, Until, Dated) : null;
    }
}
