using System.Text;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;
using Sylvan.Data.Csv;

namespace Refrain.Engine.Contacts;

/// <summary>Reads contacts from a CSV file (RFC 4180; also with semicolons or tabs). A wrong row is named and left out; the others are kept.</summary>
public sealed class ContactImport(Database database, ContactNews news, TimeProvider time)
{
    private const int Batch = 500;
    private const int MostErrors = 1000;

    public async Task<Answer<ImportResult>> ImportAsync(WorkspaceId workspace, Actor by, Stream file, OnExisting onExisting, CancellationToken cancel)
    {
        var run = new Run(workspace, by, onExisting);
        try
        {
            using var text = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            await using var csv = await CsvDataReader.CreateAsync(text, new CsvDataReaderOptions { BufferSize = 64 * 1024, MaxBufferSize = 4 * 1024 * 1024 }, cancel);
            var (columns, findings) = CsvColumns.Read(csv);
            if (findings.Any) return new Answer<ImportResult>.Wrong(findings.All);
            await ReadAsync(csv, columns, run, cancel);
        }
        catch (CsvFormatException broken)
        {
            run.Refuse(broken.RowNumber + 1, "row", "not_csv", $"{broken.Message} Nothing after this row was read.");
        }
        catch (DecoderFallbackException)
        {
            run.Refuse(run.Row + 1, "row", "not_utf8", "The file is not UTF-8 here. Nothing after this row was read.");
        }
        await WriteAsync(run, cancel);
        return run.Result;
    }

    private async Task ReadAsync(CsvDataReader csv, CsvColumns columns, Run run, CancellationToken cancel)
    {
        while (await csv.ReadAsync(cancel))
        {
            run.Row = csv.RowNumber + 1;
            Take(columns.Row(csv), run);
            if (run.Waiting.Count == Batch) await WriteAsync(run, cancel);
        }
    }

    private void Take(ContactDetails details, Run run)
    {
        var findings = ContactProblems.Find(details, out var email);
        foreach (var problem in findings.All.Take(1)) run.Refuse(run.Row, problem.Field, problem.Code, problem.Message);
        if (findings.Any) return;
        if (!run.Seen.Add(email.Value)) run.Refuse(run.Row, "email", "repeated_address", $"{email} stands in an earlier row.");
        else run.Waiting.Add(ContactRow.Of(ContactId.New(), email, details, time.Now()));
    }

    private async Task WriteAsync(Run run, CancellationToken cancel)
    {
        if (run.Waiting.Count == 0) return;
        var changed = await database.WriteAsync(session => WriteAsync(session, run, cancel), cancel);
        run.Created += run.Waiting.Count - changed.Known;
        run.Updated += changed.Updated.Count;
        run.Waiting.Clear();
        if (changed.Updated.Count > 0) await news.FilledAsync(run.Workspace, changed.Updated, run.By, cancel);
    }

    private static async Task<(int Known, IReadOnlyList<ContactId> Updated)> WriteAsync(Session session, Run run, CancellationToken cancel)
    {
        var known = (await ContactBook.ByEmailAsync(session, run.Workspace, [.. run.Waiting.Select(row => row.Email)], cancel)).ToDictionary(row => row.Email, StringComparer.Ordinal);
        var added = run.Waiting.Where(row => !known.ContainsKey(row.Email)).OrderBy(row => row.Email, StringComparer.Ordinal).Select(row => (run.Workspace, row)).ToList();
        await session.InsertAsync(ContactRow.Insert, added, cancel, "on conflict do nothing");
        if (run.OnExisting == OnExisting.Skip) return (known.Count, []);
        var filled = run.Waiting.Where(row => known.ContainsKey(row.Email)).Select(row => known[row.Email].FilledFrom(row)).Where(row => row != known[row.Email].FilledFrom(known[row.Email]))
            .OrderBy(row => row.Id.Value).ToList();
        await session.UpdateAsync(ContactRow.Update, filled, cancel);
        return (known.Count, [.. filled.Select(row => row.Id)]);
    }

    /// <summary>One import under way.</summary>
    private sealed class Run(WorkspaceId workspace, Actor by, OnExisting onExisting)
    {
        private readonly List<RowError> errors = [];
        private int refused;

        public WorkspaceId Workspace => workspace;
        public Actor By => by;
        public OnExisting OnExisting => onExisting;
        public int Row { get; set; } = 1;
        public int Created { get; set; }
        public int Updated { get; set; }
        public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);
        public List<ContactRow> Waiting { get; } = [];
        public ImportResult Result => new(Created, Updated, refused, errors);

        public void Refuse(int row, string field, string code, string message)
        {
            refused++;
            if (errors.Count < MostErrors) errors.Add(new(row, field, code, message));
        }
    }
}
